import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseDirectory } from "../../../firmware/emv/contactless/entry.ts";
import { prepareApplications } from "../../../firmware/emv/contactless/preprocessing.ts";
import { application, template, tlv } from "../emv/conversations.ts";
import { type Case, numbered, outcomeOf } from "./series.ts";

interface Combinations extends Case {
  /** The directory's entries (template 61). */
  readonly entries?: readonly string[];
  /** The whole answer, where it is no list of entries. */
  readonly answer?: string;
  /** The terminal's names with their kernel, with * where longer ones match too. */
  readonly known?: readonly (readonly [name: string, kernel: number])[];
  /** The names that are tried, each with its kernel. */
  readonly result: string;
}

const visa = "A0000000031010";
const mastercard = "A0000000041010";
const unionPay = "A000000333010101";
const stranger = "A000000999";

const row = (section: string, what: string, result: string, inputs: Partial<Combinations>): Combinations => ({
  requirement: `Book B, ${section}`,
  what,
  result,
  ...inputs,
});

const entry = (aid: string, priority?: string, kernel?: string): string =>
  template(
    "61",
    tlv([0x4f, aid]) +
      (priority === undefined ? "" : tlv([0x87, priority])) +
      (kernel === undefined ? "" : tlv([0x9f2a, kernel])),
  );
const proximity = (...entries: readonly string[]): string =>
  template("6F", tlv([0x84, "325041592E5359532E4444463031"]) + template("A5", template("BF0C", entries.join(""))));

const all = [
  [`${visa}*`, 3],
  [`${mastercard}*`, 2],
  ["A0000003330101*", 7],
] as const;

const cases: readonly Combinations[] = [
  row("3.3.2.3", "a directory without an entry", "", { entries: [] }),
  row("3.3.2.3", "a directory that is no template", "FormatError", { answer: "0102" }),
  row("3.3.2.3", "a directory in another template", "FormatError", { answer: template("70", entry(visa)) }),
  row("3.3.2.5 A", "an entry without a name", `${visa}:3`, {
    entries: [template("61", tlv([0x87, "01"])), entry(visa)],
  }),
  row("3.3.2.5 A", "a name of four bytes", `${visa}:3`, { entries: [entry("A0000000"), entry(visa)] }),
  row("3.3.2.5 A", "a name of seventeen bytes", `${visa}:3`, {
    entries: [entry(`${visa}${"01".repeat(10)}`), entry(visa)],
  }),
  row("3.3.2.5 A", "a name of sixteen bytes", `${visa}${"01".repeat(9)}:3`, {
    entries: [entry(`${visa}${"01".repeat(9)}`)],
  }),
  row("3.3.2.5 B", "a longer name than the terminal's", `${visa}01:3`, { entries: [entry(`${visa}01`)] }),
  row("3.3.2.5 B", "a longer name where the whole is wanted", "", {
    entries: [entry(`${visa}01`)],
    known: [[visa, 3]],
  }),
  row("3.3.2.5 B", "the whole name where it is wanted", `${visa}:3`, { entries: [entry(visa)], known: [[visa, 3]] }),
  row("3.3.2.5 B", "a shorter name than the terminal's", "", { entries: [entry("A00000000310")] }),
  row("3.3.2.5 C", "no wish: Visa's own kernel is 3", `${visa}:3`, { entries: [entry(visa)] }),
  row("3.3.2.5 C", "no wish: Mastercard's own kernel is 2", `${mastercard}:2`, { entries: [entry(mastercard)] }),
  row("3.3.2.5 C", "no wish: UnionPay's own kernel is 7", `${unionPay}:7`, { entries: [entry(unionPay)] }),
  row("3.3.2.5 C", "no wish: a terminal with another kernel for the scheme", "", {
    entries: [entry(visa)],
    known: [[visa, 2]],
  }),
  row("3.3.2.5 C", "no wish and no scheme: the terminal's kernel", `${stranger}:3`, {
    entries: [entry(stranger)],
    known: [[stranger, 3]],
  }),
  row("3.3.2.5 C", "an international kernel of one byte", `${visa}:3`, { entries: [entry(visa, "01", "03")] }),
  row("3.3.2.5 D", "a wish for a kernel that the terminal has not", "", { entries: [entry(visa, "01", "04")] }),
  row("3.3.2.5 D", "a wish for another scheme's kernel", "", { entries: [entry(visa, "01", "07")] }),
  row("3.3.2.5 D", "kernel 0 is any kernel", `${visa}:3`, { entries: [entry(visa, "01", "00")] }),
  row("3.3.2.5 D", "one name with two kernels, each wished for", `${visa}:3 ${visa}:7`, {
    entries: [entry(visa, "01", "03"), entry(visa, "02", "07")],
    known: [
      [visa, 3],
      [visa, 7],
    ],
  }),
  row("3.3.3.1", "the lowest number is the first", `${mastercard}:2 ${visa}:3`, {
    entries: [entry(visa, "02"), entry(mastercard, "01")],
  }),
  row("3.3.3.1", "15 before no priority", `${mastercard}:2 ${visa}:3`, {
    entries: [entry(visa), entry(mastercard, "0F")],
  }),
  row("3.3.3.1", "zero is no priority", `${mastercard}:2 ${visa}:3`, {
    entries: [entry(visa, "00"), entry(mastercard, "0F")],
  }),
  row("3.3.3.1", "equals in the card's order", `${unionPay}:7 ${visa}:3 ${mastercard}:2`, {
    entries: [entry(unionPay, "01"), entry(visa, "01"), entry(mastercard, "01")],
  }),
  row("3.3.3.1", "three in order of priority", `${mastercard}:2 ${unionPay}:7 ${visa}:3`, {
    entries: [entry(visa, "03"), entry(mastercard, "01"), entry(unionPay, "02")],
  }),
  row("3.3.3.1", "upper bits of the byte are no priority", `${mastercard}:2 ${visa}:3`, {
    entries: [entry(visa, "12"), entry(mastercard, "F1")],
  }),
];

numbered("CMB", cases, async ({ entries = [], answer = proximity(...entries), known = all, result }) => {
  const applications = known.map(([name, kernel]) =>
    application(name.replace("*", ""), { kernel, match: name.endsWith("*") ? "partial" : "exact" }),
  );
  const prepared = prepareApplications(applications, { amount: 100, unit: 100, terminalType: 0x21 });
  const found = await outcomeOf(() =>
    parseDirectory(hexToBytes(answer), prepared)
      .map((one) => `${bytesToHex(one.aid)}:${one.prepared.application.kernel}`)
      .join(" "),
  );
  assert.is(found, result);
});

test.run();
