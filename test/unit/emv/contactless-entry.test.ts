import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { TerminalApplication } from "../../../firmware/emv/application.ts";
import { parseDirectory } from "../../../firmware/emv/contactless/entry.ts";
import { prepareApplications } from "../../../firmware/emv/contactless/preprocessing.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const unionPay = "A000000333010102";
const visa = "A0000000031010";
const mastercard = "A0000000041010";

interface Prepared {
  readonly allowed: boolean;
  readonly qualifiers: string;
}

function prepared(changes: Partial<TerminalApplication>, amount: number, terminalType = 0x22): Prepared {
  const one = application(visa, { kernel: 3, floorLimit: 20_000, ...changes });
  const [result] = prepareApplications([one], { amount, unit: 100, terminalType });
  return { allowed: result!.allowed, qualifiers: bytesToHex(result!.qualifiers) };
}

const preparations: readonly (readonly [
  requirement: string,
  changes: Partial<TerminalApplication>,
  amount: number,
  result: Prepared,
])[] = [
  [
    "B 3.1.1.2: the two transient bits start at zero",
    { transactionQualifiers: hexToBytes("26FF0000") },
    100,
    { allowed: true, qualifiers: "263F0000" },
  ],
  [
    "B 3.1.1.3: one unit asks for the card's status where the parameters say so",
    { statusCheck: true },
    100,
    { allowed: true, qualifiers: "26800000" },
  ],
  [
    "B 3.1.1.3: one unit is an amount like others where they do not",
    {},
    100,
    { allowed: true, qualifiers: "26000000" },
  ],
  [
    "B 3.1.1.3: another amount than one unit is no status check",
    { statusCheck: true },
    200,
    { allowed: true, qualifiers: "26000000" },
  ],
  ["B 3.1.1.4: an amount of zero is not tapped", {}, 0, { allowed: false, qualifiers: "26800000" }],
  [
    "B 3.1.1.4, 11: an amount of zero goes online where it is allowed",
    { zeroAmountAllowed: true },
    0,
    { allowed: true, qualifiers: "26800000" },
  ],
  [
    "B 3.1.1.11: an amount of zero is nothing for a reader that is offline only",
    { zeroAmountAllowed: true, transactionQualifiers: hexToBytes("2E000000") },
    0,
    { allowed: false, qualifiers: "2E000000" },
  ],
  [
    "B 3.1.1.5: below the transaction limit",
    { contactlessCvmLimit: 200_000 },
    99_999,
    { allowed: true, qualifiers: "26800000" },
  ],
  ["B 3.1.1.5: the transaction limit itself is too much", {}, 100_000, { allowed: false, qualifiers: "26C00000" }],
  ["B 3.1.1.6: the floor limit itself may stay offline", {}, 20_000, { allowed: true, qualifiers: "26000000" }],
  [
    "B 3.1.1.9: above the floor limit an online cryptogram is required",
    {},
    20_001,
    { allowed: true, qualifiers: "26800000" },
  ],
  ["B 3.1.1.8: below the verification limit none is required", {}, 29_999, { allowed: true, qualifiers: "26800000" }],
  ["B 3.1.1.12: from the verification limit on it is required", {}, 30_000, { allowed: true, qualifiers: "26C00000" }],
  ["C-2: kernel 2 takes its limit itself", { kernel: 2 }, 100_000, { allowed: true, qualifiers: "26C00000" }],
  [
    "C-2: above both of kernel 2's limits nothing is tapped",
    { kernel: 2 },
    100_001,
    { allowed: false, qualifiers: "26C00000" },
  ],
  [
    "C-2: a phone's limit may be higher",
    { kernel: 2, contactlessDeviceLimit: 200_000 },
    100_001,
    { allowed: true, qualifiers: "26C00000" },
  ],
];

for (const [requirement, changes, amount, result] of preparations) {
  test(requirement, () => {
    assert.equal(prepared(changes, amount), result);
  });
}

for (const type of [0x11, 0x14, 0x21, 0x24, 0x34]) {
  test(`a terminal of type ${type.toString(16)} is online only: every card is asked to go online`, () => {
    assert.equal(prepared({}, 200, type), { allowed: true, qualifiers: "26800000" });
  });
}

test("an application without a kernel is contact only", () => {
  const transaction = { amount: 100, unit: 100, terminalType: 0x21 };
  assert.equal(prepareApplications([application(visa, { kernel: undefined })], transaction), []);
});

const proximity = (...entries: readonly string[]): string => {
  const content = entries.map((entry) => template("61", entry)).join("");
  return template("6F", tlv([0x84, "325041592E5359532E4444463031"]) + template("A5", template("BF0C", content)));
};
const entry = (aid: string, priority?: string, kernel?: string, extended?: string): string =>
  tlv([0x4f, aid]) +
  (priority === undefined ? "" : tlv([0x87, priority])) +
  (kernel === undefined ? "" : tlv([0x9f2a, kernel])) +
  (extended === undefined ? "" : tlv([0x9f29, extended]));

const both = [application(unionPay), application(visa, { kernel: 3 })];

function found(entries: readonly string[], known: readonly TerminalApplication[] = both): string[] {
  const ready = prepareApplications(known, { amount: 100, unit: 100, terminalType: 0x21 });
  return parseDirectory(hexToBytes(proximity(...entries)), ready).map((one) => bytesToHex(one.selection));
}

const directories: readonly (readonly [
  requirement: string,
  entries: readonly string[],
  selections: readonly string[],
  known?: readonly TerminalApplication[],
])[] = [
  ["B 3.3.3.1: priority 1 comes first", [entry(unionPay, "02"), entry(visa, "01")], [visa, unionPay]],
  ["B 3.3.3.1: no priority comes last", [entry(unionPay), entry(visa, "0F")], [visa, unionPay]],
  ["B 3.3.3.1: priority 0 is none", [entry(unionPay, "00"), entry(visa, "0F")], [visa, unionPay]],
  ["B 3.3.3.1: among equals the card's order counts", [entry(visa, "01"), entry(unionPay, "01")], [visa, unionPay]],
  [
    "B 3.3.3.1: the upper bits of a priority do not count",
    [entry(unionPay, "82"), entry(visa, "71")],
    [visa, unionPay],
  ],
  ["B 3.3.2.5 A: an entry without a name is passed over", [tlv([0x87, "01"]), entry(visa)], [visa]],
  ["B 3.3.2.5 A: a name of 4 bytes is none", [entry("A0000000"), entry(visa)], [visa]],
  ["B 3.3.2.5 B: a longer name matches the terminal's beginning", [entry(`${visa}0102`)], [`${visa}0102`]],
  ["B 3.3.2.5 B: a shorter name than the terminal's does not match", [entry("A00000000310")], []],
  [
    "B 3.3.2.5 B: a whole name is wanted where the terminal says so",
    [entry(`${visa}01`)],
    [],
    [application(visa, { kernel: 3, match: "exact" })],
  ],
  [
    "B 3.3.2.5 C: without a wish the scheme's own kernel is meant",
    [entry(visa)],
    [],
    [application(visa, { kernel: 7 })],
  ],
  ["B 3.3.2.5 C: UnionPay's own kernel is 7", [entry(unionPay)], [unionPay]],
  [
    "B 3.3.2.5 C: Mastercard's own kernel is 2",
    [entry(mastercard)],
    [mastercard],
    [application(mastercard, { kernel: 2 })],
  ],
  [
    "B 3.3.2.5 C: a stranger's name leaves the kernel to the terminal",
    [entry("A000000999")],
    ["A000000999"],
    [application("A000000999", { kernel: 3 })],
  ],
  ["B 3.3.2.5 D: the kernel that the card wants", [entry(visa, "01", "03")], [visa]],
  ["B 3.3.2.5 D: a kernel that the terminal has not is passed over", [entry(visa, "01", "02")], []],
  ["B 3.3.2.5 D: kernel 0 is any", [entry(visa, "01", "00")], [visa]],
  ["B 3.3.2.5 C: a domestic kernel is none of ours", [entry(visa, "01", "8301560000")], []],
  ["B 3.3.2.5 C: a proprietary kernel is none of ours", [entry(visa, "01", "C30156")], []],
  [
    "B 3.3.3.3: extended selection follows the name where the terminal allows",
    [entry(visa, "01", "03", "0A0B")],
    [`${visa}0A0B`],
    [application(visa, { kernel: 3, extendedSelection: true })],
  ],
  ["B 3.3.3.3: extended selection is left out where it does not", [entry(visa, "01", "03", "0A0B")], [visa]],
  [
    "the longest of the terminal's names is the one that counts",
    [entry(unionPay)],
    [unionPay],
    [application("A000000333", { kernel: 3 }), application(unionPay)],
  ],
];

for (const [requirement, entries, selections, known] of directories) {
  test(requirement, () => {
    assert.equal(found(entries, known), selections);
  });
}

test("B 3.3.2.3: a directory without entries has no application", () => {
  assert.equal(found([]), []);
});

const good = `${template(
  "77",
  tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "07010103A00000"], [0x9f27, "80"]) +
    tlv([0x57, "6228480000000000D30122010000000000"]),
)}9000`;
const withList = tlv([0x9f38, "9F6604"]);
const start: Exchange = [proximityDirectory, `${proximity(entry(visa, "01"), entry(unionPay, "02"))}9000`];
const options = "80A800000683042680000000";
const taken = (aid: string): Exchange[] => [[selectFirst(aid), `${fileControl(aid, withList)}9000`]];

async function tapped(script: readonly Exchange[], amount = 100, known = both): Promise<string> {
  const card = new ScriptedCard(script);
  try {
    return (await tap(card, tapSession(amount), known, amount, tapTools())).kind;
  } catch (error) {
    assert.instance(error, CardError);
    return (error as CardError).problem;
  } finally {
    assert.is(card.left, 0);
  }
}

const ends: readonly (readonly [promise: string, script: readonly Exchange[], end: string])[] = [
  ["a card without a proximity directory has no application", [[proximityDirectory, "6A82"]], "noApplication"],
  ["a blocked card is blocked", [[proximityDirectory, "6A81"]], "cardBlocked"],
  [
    "a directory of strangers has no application",
    [[proximityDirectory, `${proximity(entry("A000000999"))}9000`]],
    "noApplication",
  ],
  [
    "B 3.3.3.5: an application that refuses is left for the next one",
    [start, [selectFirst(visa), "6A82"], ...taken(unionPay), [options, good]],
    "online",
  ],
  [
    "an application that answers with another's name is left for the next one",
    [start, [selectFirst(visa), `${fileControl(unionPay, withList)}9000`], ...taken(unionPay), [options, good]],
    "online",
  ],
  [
    "B 3.3.3.5: when all refuse there is no application",
    [start, [selectFirst(visa), "6A82"], [selectFirst(unionPay), "6A83"]],
    "noApplication",
  ],
  [
    "B 3.5: a kernel that asks for the next application gets it",
    [start, ...taken(visa), [options, "6985"], ...taken(unionPay), [options, good]],
    "online",
  ],
  [
    "C-3: a Visa card without the qualifiers in its list is left for the next application",
    [
      start,
      [selectFirst(visa), `${fileControl(visa, tlv([0x9f38, "9F0206"]))}9000`],
      ...taken(unionPay),
      [options, good],
    ],
    "online",
  ],
  [
    "B 3.5: when no application is left the chip is asked for",
    [start, ...taken(visa), [options, "6985"], ...taken(unionPay), [options, "6985"]],
    "otherInterface",
  ],
  ["B 3.5: another interface is another interface", [start, ...taken(visa), [options, "6984"]], "otherInterface"],
  ["B 3.5: a phone that wants its owner is tapped again", [start, ...taken(visa), [options, "6986"]], "seePhone"],
];

for (const [promise, script, end] of ends) {
  test(promise, async () => {
    assert.is(await tapped(script), end);
  });
}

test("a terminal type of the application that was left does not stay for the next one", async () => {
  const known = [application(visa, { kernel: 3, terminalType: 0x22 }), application(unionPay)];
  const asksForType: Exchange = [selectFirst(unionPay), `${fileControl(unionPay, tlv([0x9f38, "9F66049F3501"]))}9000`];
  const ownType: Exchange = ["80A80000078305268000002100", good];
  assert.is(await tapped([start, ...taken(visa), [options, "6985"], asksForType, ownType], 100, known), "online");
});

test("an application whose limit forbids the amount sends its card to the chip", async () => {
  const known = [application(unionPay), application(visa, { kernel: 3, contactlessLimit: 50 })];
  assert.is(await tapped([[proximityDirectory, `${proximity(entry(visa, "01"))}9000`]], 100, known), "otherInterface");
});

test("an application whose limit forbids the amount gives way to one that may", async () => {
  const known = [application(unionPay), application(visa, { kernel: 3, contactlessLimit: 50 })];
  assert.is(await tapped([start, ...taken(unionPay), [options, good]], 100, known), "online");
});

test.run();
