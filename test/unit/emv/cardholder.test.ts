import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { type PinAnswer, verifyCardholder } from "../../../firmware/emv/cardholder.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { tags } from "../../../firmware/emv/tags.ts";

interface Case {
  readonly name: string;
  /** Rules of the list, without its amounts; absent: no list at all. */
  readonly rules?: string;
  readonly profile?: string;
  readonly capabilities?: string;
  readonly amount?: string;
  readonly pin?: PinAnswer;
  readonly method: string;
  readonly results: string;
  /** Byte 3 and, where given, the others of the TVR. */
  readonly verification: string;
  readonly status?: string;
  readonly asked?: number;
}

const cases: readonly Case[] = [
  { name: "online PIN", rules: "0200", method: "onlinePin", results: "020000", verification: "0000040000", asked: 1 },
  { name: "a signature", rules: "1E00", method: "signature", results: "1E0000", verification: "0000000000" },
  { name: "nothing at all", rules: "1F00", method: "none", results: "1F0002", verification: "0000000000" },
  {
    name: "a signature after a PIN that was not given",
    rules: "42031E03",
    pin: "bypassed",
    method: "signature",
    results: "1E0300",
    verification: "0000080000",
    asked: 1,
  },
  {
    name: "failure when a PIN was the only way and was not given",
    rules: "0203",
    pin: "bypassed",
    method: "failed",
    results: "020301",
    verification: "0000880000",
    asked: 1,
  },
  {
    name: "a PIN that is refused once and not asked for again",
    rules: "420042001E00",
    pin: "bypassed",
    method: "signature",
    results: "1E0000",
    verification: "0000080000",
    asked: 1,
  },
  {
    name: "online PIN after the offline PIN that this terminal does not have",
    rules: "41004200",
    method: "onlinePin",
    results: "420000",
    verification: "0000140000",
    asked: 1,
  },
  {
    name: "the next rule when a condition is not met: offline PIN if supported, then a signature",
    rules: "41031E03",
    method: "signature",
    results: "1E0300",
    verification: "0000000000",
  },
  { name: "failure by order", rules: "0000", method: "failed", results: "000001", verification: "0000800000" },
  {
    name: "failure by a method nobody knows",
    rules: "2A00",
    method: "failed",
    results: "3F0001",
    verification: "0000C00000",
  },
  { name: "failure when no rule fits", rules: "1F01", method: "failed", results: "3F0001", verification: "0000800000" },
  {
    name: "no verification under the amount X",
    rules: "1F060200",
    amount: "000003E7",
    method: "none",
    results: "1F0602",
    verification: "0000000000",
  },
  {
    name: "online PIN at the amount X",
    rules: "1F060200",
    amount: "000003E8",
    method: "onlinePin",
    results: "020000",
    verification: "0000040000",
    asked: 1,
  },
  {
    name: "no list, and says that data is missing",
    method: "none",
    results: "3F0000",
    verification: "2000000000",
    status: "0000",
  },
  {
    name: "no verification at all by its profile",
    rules: "0200",
    profile: "2C00",
    method: "none",
    results: "3F0000",
    verification: "0000000000",
    status: "0000",
  },
];

for (const one of cases) {
  test(`a card may ask for ${one.name}`, async () => {
    const data = sessionOf(one);
    let asked = 0;
    const method = await verifyCardholder(data, () => {
      asked++;
      return Promise.resolve(one.pin ?? "entered");
    });
    assert.is(method, one.method);
    assert.is(bytesToHex(data.get(tags.cardholderVerificationResults)!), one.results);
    assert.is(bytesToHex(data.get(tags.terminalVerificationResults)!), one.verification);
    assert.is(bytesToHex(data.get(tags.transactionStatusInformation)!), one.status ?? "4000");
    assert.is(asked, one.asked ?? 0);
  });
}

test("a cardholder who cancels the PIN ends it", async () => {
  const data = sessionOf({ name: "", rules: "42001E00", method: "", results: "", verification: "" });
  assert.is(await verifyCardholder(data, () => Promise.resolve("cancelled")), "cancelled");
});

test("half a rule is no list", async () => {
  const data = sessionOf({ name: "", rules: "42001E", method: "", results: "", verification: "" });
  try {
    await verifyCardholder(data, () => Promise.resolve("entered"));
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /^FormatError: CVM list/);
  }
});

function sessionOf({ rules, profile = "3C00", capabilities = "E06800", amount = "00000001" }: Case): SessionData {
  const data = new SessionData([
    [tags.terminalCapabilities, hexToBytes(capabilities)],
    [tags.transactionCurrencyCode, hexToBytes("0156")],
    [tags.amountBinary, hexToBytes(amount)],
  ]);
  data.setFromCard(tags.applicationInterchangeProfile, hexToBytes(profile));
  data.setFromCard(tags.cardCurrencyCode, hexToBytes("0156"));
  if (rules !== undefined) {
    data.setFromCard(tags.cardholderVerificationList, hexToBytes(`000003E800000000${rules}`));
  }
  return data;
}

test.run();
