import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { verifyCardholder } from "../../../firmware/emv/cardholder.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { tags } from "../../../firmware/emv/tags.ts";

/** What a transaction is: terminal type, additional capabilities, transaction type, amount, currency. */
interface Transaction {
  readonly terminal?: string;
  readonly additional?: string;
  readonly type?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly cardCurrency?: string | undefined;
}

const sale: Transaction = {};
const cashback: Transaction = { type: "09" };
const manualCash: Transaction = { type: "01" };
const cashMachine: Transaction = { terminal: "14", additional: "8000000000", type: "01" };
const sellingMachine: Transaction = { terminal: "14", additional: "8000000000", type: "00" };

/** Whether a rule with this condition is taken. The list's amounts are X = 10.00 and Y = 50.00. */
const cases: readonly (readonly [name: string, condition: string, Transaction, applies: boolean])[] = [
  ["always: in a sale", "00", sale, true],
  ["always: at a cash machine", "00", cashMachine, true],
  ["unattended cash: at a cash machine", "01", cashMachine, true],
  ["unattended cash: not in a sale", "01", sale, false],
  ["unattended cash: not at a counter", "01", manualCash, false],
  ["unattended cash: not when a cash machine sells", "01", sellingMachine, false],
  ["neither cash nor cash back: in a sale", "02", sale, true],
  ["neither cash nor cash back: not with cash back", "02", cashback, false],
  ["neither cash nor cash back: not at a counter", "02", manualCash, false],
  ["neither cash nor cash back: not at a cash machine", "02", cashMachine, false],
  ["if supported: what the terminal has", "03", sale, true],
  ["manual cash: at a counter", "04", manualCash, true],
  ["manual cash: not at a cash machine", "04", cashMachine, false],
  ["manual cash: not in a sale", "04", sale, false],
  ["cash back: with cash back", "05", cashback, true],
  ["cash back: not in a plain sale", "05", sale, false],
  ["under X: one less", "06", { amount: "000003E7" }, true],
  ["under X: not at X", "06", { amount: "000003E8" }, false],
  ["over X: one more", "07", { amount: "000003E9" }, true],
  ["over X: not at X", "07", { amount: "000003E8" }, false],
  ["under Y: one less", "08", { amount: "00001387" }, true],
  ["under Y: not at Y", "08", { amount: "00001388" }, false],
  ["over Y: one more", "09", { amount: "00001389" }, true],
  ["over Y: not at Y", "09", { amount: "00001388" }, false],
  ["under X: not in another currency", "06", { amount: "00000001", currency: "0840" }, false],
  ["over Y: not in another currency", "09", { amount: "00100000", currency: "0840" }, false],
  ["under X: not when the card has no currency", "06", { amount: "00000001", cardCurrency: undefined }, false],
  ["reserved by the standard: never", "0A", sale, false],
  ["reserved for payment systems: never", "80", sale, false],
];

for (const [name, condition, transaction, applies] of cases) {
  test(`Book 3, table 40: ${name}`, async () => {
    const data = sessionOf(transaction, `1F${condition}`);
    assert.is(await verifyCardholder(data, () => Promise.resolve("entered")), applies ? "none" : "failed");
    const results = bytesToHex(data.get(tags.cardholderVerificationResults)!);
    assert.is(results, applies ? `1F${condition}02` : "3F0001");
    const verification = bytesToHex(data.get(tags.terminalVerificationResults)!);
    assert.is(verification, applies ? "0000000000" : "0000800000");
  });
}

test("a rule whose condition is not met is passed over even if it says to stop", async () => {
  const data = sessionOf(sale, "1E051F00");
  assert.is(await verifyCardholder(data, () => Promise.resolve("entered")), "none");
});

test("a list without a rule is as good as none", async () => {
  const data = sessionOf(sale, "");
  assert.is(await verifyCardholder(data, () => Promise.resolve("entered")), "none");
  assert.is(bytesToHex(data.get(tags.terminalVerificationResults)!), "2000000000");
  assert.is(bytesToHex(data.get(tags.transactionStatusInformation)!), "0000");
  assert.is(bytesToHex(data.get(tags.cardholderVerificationResults)!), "3F0000");
});

function sessionOf(transaction: Transaction, rules: string): SessionData {
  const data = new SessionData([
    [tags.terminalCapabilities, hexToBytes("E06800")],
    [tags.terminalType, hexToBytes(transaction.terminal ?? "21")],
    [tags.additionalCapabilities, hexToBytes(transaction.additional ?? "6000B0F001")],
    [tags.transactionType, hexToBytes(transaction.type ?? "00")],
    [tags.transactionCurrencyCode, hexToBytes(transaction.currency ?? "0156")],
    [tags.amountBinary, hexToBytes(transaction.amount ?? "000003E8")],
  ]);
  data.setFromCard(tags.applicationInterchangeProfile, hexToBytes("3C00"));
  if (!("cardCurrency" in transaction)) {
    data.setFromCard(tags.cardCurrencyCode, hexToBytes("0156"));
  }
  data.setFromCard(tags.cardholderVerificationList, hexToBytes(`000003E800001388${rules}`));
  return data;
}

test.run();
