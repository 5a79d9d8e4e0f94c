import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseDirectory } from "../../../firmware/emv/contactless/entry.ts";
import { prepareApplications } from "../../../firmware/emv/contactless/preprocessing.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapTools } from "./contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const unionPay = "A000000333010102";
const visa = "A0000000031010";
const known = [application("A0000003330101"), application(visa, { kernel: 3 })];

const proximity = (...entries: readonly string[]): string => {
  const name = "325041592E5359532E4444463031";
  return template(
    "6F",
    tlv([0x84, name]) + template("A5", template("BF0C", entries.map((e) => template("61", e)).join(""))),
  );
};
const entry = (aid: string, priority: string, kernel = ""): string =>
  tlv([0x4f, aid], [0x87, priority]) + (kernel === "" ? "" : tlv([0x9f2a, kernel]));

const track2 = tlv([0x57, "6228480000000000D30122010000000000"]);
const cryptogram = tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "07010103A00000"]);

interface Tapped {
  readonly kind: string;
  readonly verification?: string;
}

async function tapped(amount: number, options: string, aid = unionPay): Promise<Tapped> {
  const qualifiers = amount >= 30_000 ? "26C00000" : "26800000";
  const script: Exchange[] = [
    [proximityDirectory, `${proximity(entry(aid, "01"))}9000`],
    [selectFirst(aid), `${fileControl(aid, tlv([0x9f38, "9F6604"]))}9000`],
    [`80A80000068304${qualifiers}00`, options],
  ];
  const card = new ScriptedCard(script);
  const outcome = await tap(card, new SessionData(), known, amount, tapTools());
  assert.is(card.left, 0);
  return { kind: outcome.kind, ...("verification" in outcome ? { verification: outcome.verification } : {}) };
}

const good = `${template("77", cryptogram + track2 + tlv([0x9f27, "80"]))}9000`;
const withQualifiers = (value: string): string =>
  `${template("77", cryptogram + track2 + tlv([0x9f27, "80"], [0x9f6c, value]))}9000`;

test("a tap below the limit goes to the host without a PIN", async () => {
  assert.equal(await tapped(29_999, good), { kind: "online", verification: "none" });
});

test("a UnionPay tap from the limit on asks for the PIN", async () => {
  assert.equal(await tapped(30_000, good), { kind: "online", verification: "onlinePin" });
});

test("a card that wants the PIN below the limit gets it", async () => {
  assert.equal(await tapped(100, withQualifiers("8000")), { kind: "online", verification: "onlinePin" });
});

test("a phone that has verified its owner needs no PIN", async () => {
  assert.equal(await tapped(50_000, withQualifiers("8080")), { kind: "online", verification: "device" });
});

test("a Visa card without qualifiers is signed for from the limit on", async () => {
  assert.equal(await tapped(50_000, good, visa), { kind: "online", verification: "signature" });
});

test("a card that leaves out what it decided is read by its issuer's data", async () => {
  const without = cryptogram.replace("A00000", "A02000") + track2;
  assert.equal(await tapped(100, `${template("77", without)}9000`), { kind: "online", verification: "none" });
});

test("a tap that declines is declined, and an offline approval is none", async () => {
  for (const information of ["00", "40"]) {
    const answer = `${template("77", cryptogram + track2 + tlv([0x9f27, information]))}9000`;
    assert.equal(await tapped(100, answer), { kind: "declined" });
  }
});

test("a phone that wants its owner says so", async () => {
  assert.equal(await tapped(50_000, "6986"), { kind: "seePhone" });
});

test("a card that wants its chip used says so", async () => {
  assert.equal(await tapped(100, "6984"), { kind: "otherInterface" });
});

test("a tap above the terminal's limit is sent to the chip before the card hears of it", async () => {
  const card = new ScriptedCard([]);
  assert.is((await tap(card, new SessionData(), known, 100_000, tapTools())).kind, "otherInterface");
});

for (const [what, answer] of [
  ["no track", `${template("77", cryptogram + tlv([0x9f27, "80"]))}9000`],
  [
    "a short cryptogram",
    `${template("77", tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1"], [0x9f27, "80"], [0x9f10, "07"]))}9000`,
  ],
  ["another template", "800678000801010000009000"],
  ["nothing", "9000"],
  ["a refusal", "6A88"],
] as const) {
  test(`a tap with ${what} is no tap`, async () => {
    try {
      await tapped(100, answer);
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), /^(CardError|FormatError)/);
    }
  });
}

test("the card's priority chooses, and a kernel that the terminal lacks is passed over", () => {
  const directory = proximity(entry(unionPay, "02"), entry(visa, "01"), entry(visa, "00", "02"));
  const found = parseDirectory(
    hexToBytes(directory),
    prepareApplications(known, { amount: 100, unit: 100, terminalType: 0x21 }),
  );
  assert.equal(
    found.map((one) => [bytesToHex(one.aid), one.priority]),
    [
      [visa, 1],
      [unionPay, 2],
    ],
  );
});

test("a card of a stranger has no application here", async () => {
  const card = new ScriptedCard([[proximityDirectory, `${proximity(entry("A000000999", "01"))}9000`]]);
  try {
    await tap(card, new SessionData(), known, 100, tapTools());
    assert.unreachable();
  } catch (error) {
    assert.is(error instanceof CardError && error.problem, "noApplication");
  }
});

test("a card that is tapped in EMV mode gives a request cryptogram and no last word", async () => {
  const mastercard = "A0000000041010";
  const emvMode = [application(mastercard, { kernel: 2 })];
  const data = new SessionData([
    [tags.terminalCapabilities, hexToBytes("E06800")],
    [tags.terminalType, hexToBytes("21")],
  ]);
  const record = tlv(
    [0x5a, "5413330000000000"],
    [0x5f24, "301231"],
    [0x57, "5413330000000000D30122010000000000"],
    [0x8c, "9F3403"],
    [0x8d, "8A02"],
    [0x8e, "000000000000000042031F03"],
  );
  const card = new ScriptedCard([
    [proximityDirectory, `${proximity(entry(mastercard, "01"))}9000`],
    [selectFirst(mastercard), `${fileControl(mastercard)}9000`],
    ["80A8000002830000", "770A820218809404080101009000"],
    ["00B2010C00", `${template("70", record)}9000`],
    ["80AE80000342030000", `${template("80", `800001${"C3".repeat(8)}`)}9000`],
  ]);
  const outcome = await tap(card, data, emvMode, 50_000, tapTools());
  assert.is(card.left, 0);
  assert.equal([outcome.kind, "verification" in outcome && outcome.verification], ["online", "onlinePin"]);
});

test.run();
