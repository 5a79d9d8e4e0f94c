import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { buildCandidateList, type SupportedApplication, selectionRequired } from "../../../firmware/emv/candidates.ts";
import { directory, fileControl, selectFirst, template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { type Case, numbered, outcomeOf } from "./series.ts";

interface Selection extends Case {
  readonly script: readonly Exchange[];
  /** The terminal's names, with * behind those that match longer ones too. */
  readonly known?: readonly string[];
  /** The candidates in their order: name, and label where it matters. */
  readonly result: string;
  /** The cardholder has to be asked. */
  readonly asks?: boolean;
}

const brand = "A000000333";
const debit = "A000000333010101";
const credit = "A000000333010102";
const other = "A0000000031010";

const row = (
  section: string,
  what: string,
  script: readonly Exchange[],
  result: string,
  more: Partial<Selection> = {},
): Selection => ({ requirement: `Book 1, ${section}`, what, script, result, ...more });

const environment = "315041592E5359532E4444463031";
const entry = (aid: string, ...more: readonly (readonly [number, string])[]): string =>
  template("61", tlv([0x4f, aid], ...more));
const read = (record: string, answer: string): Exchange => [`00B2${record}0C00`, answer];
const record = (...entries: readonly string[]): string => `${template("70", entries.join(""))}9000`;
const end = "6A83";

/** A directory in file 1 with one record, and no more. */
const listed = (...entries: readonly string[]): readonly Exchange[] => [
  [directory, `${fileControl(environment, tlv([0x88, "01"]))}9000`],
  read("01", record(...entries)),
  read("02", end),
];
const noDirectory: Exchange = [directory, "6A82"];
const selectNext = (aid: string): string => selectFirst(aid).replace("A40400", "A40402");
const found = (aid: string, name = aid): Exchange => [selectFirst(aid), `${fileControl(name)}9000`];
const next = (aid: string, answer: string): Exchange => [selectNext(aid), answer];
/** Both names of the terminal tried one by one, the first one is there. */
const byList = [found(debit), [selectFirst(other), "6A82"]] as const satisfies readonly Exchange[];
const named = (proprietary: string): Exchange => [directory, `${fileControl(environment, proprietary)}9000`];

const both = [debit, other];
const partial = { known: [`${brand}*`] };

const cases: readonly Selection[] = [
  row("12.3.2", "an application of the directory is a candidate", listed(entry(debit)), debit),
  row("12.3.2", "no directory: the terminal's list is tried", [noDirectory, ...byList], debit),
  row(
    "12.3.2",
    "a blocked directory: the terminal's list is tried",
    [[directory, `${fileControl(environment, tlv([0x88, "01"]))}6283`], ...byList],
    debit,
  ),
  row("12.3.2", "a blocked card ends it", [[directory, "6A81"]], "cardBlocked"),
  row("12.3.2", "another error: the terminal's list is tried", [[directory, "6D00"], ...byList], debit),
  row("12.3.2", "a file number above 10: the terminal's list is tried", [named(tlv([0x88, "0B"])), ...byList], debit),
  row("12.3.2", "a file number of 0: the terminal's list is tried", [named(tlv([0x88, "00"])), ...byList], debit),
  row(
    "12.3.2",
    "a file number of two bytes: the terminal's list is tried",
    [named(tlv([0x88, "0001"])), ...byList],
    debit,
  ),
  row("12.3.2", "no file number: the terminal's list is tried", [named(tlv([0x50, "54"])), ...byList], debit),
  row(
    "12.3.2",
    "an answer that is no template: the terminal's list is tried",
    [[directory, "01029000"], ...byList],
    debit,
  ),
  row(
    "12.3.2",
    "the directory may be in file 10",
    [named(tlv([0x88, "0A"])), ["00B2015400", record(entry(debit))], ["00B2025400", end]],
    debit,
  ),
  row(
    "12.3.2",
    "records are read until one is not there",
    [named(tlv([0x88, "01"])), read("01", record(entry(debit))), read("02", record(entry(other))), read("03", end)],
    `${debit} ${other}`,
    { asks: true },
  ),
  row("12.3.2", "a record with several applications", listed(entry(debit), entry(other)), `${debit} ${other}`, {
    asks: true,
  }),
  row(
    "12.3.2",
    "applications that the terminal does not know are left out",
    listed(entry("A0000000651010"), entry(other)),
    other,
  ),
  row(
    "12.3.2",
    "a directory without records: the terminal's list is tried",
    [named(tlv([0x88, "01"])), read("01", end), ...byList],
    debit,
  ),
  row(
    "12.3.2",
    "a directory of unknown applications: the terminal's list is tried",
    [...listed(entry("A0000000651010")), ...byList],
    debit,
  ),
  row(
    "12.3.2",
    "an error while records are read: what was found is dropped",
    [named(tlv([0x88, "01"])), read("01", record(entry(other))), read("02", "6A82"), ...byList],
    debit,
  ),
  row(
    "12.3.2",
    "a record in no template: what was found is dropped",
    [named(tlv([0x88, "01"])), read("01", record(entry(other))), read("02", `${entry(other)}9000`), ...byList],
    debit,
  ),
  row("12.3.2", "an entry without a name is left out", listed(template("61", tlv([0x50, "54"])), entry(other)), other),
  row(
    "12.3.2",
    "an entry of another kind is left out",
    listed(template("73", tlv([0x4f, debit])), entry(other)),
    other,
  ),
  row("12.3.2", "a name of four bytes is none", listed(entry("A0000003"), entry(other)), other, {
    known: ["A0000003*", other],
  }),
  row("12.3.2", "a name of seventeen bytes is none", listed(entry(`${debit}${"00".repeat(9)}`), entry(other)), other, {
    known: [`${brand}*`, other],
  }),
  row("12.3.1", "an exact name does not match a longer one", listed(entry(`${debit}01`), entry(other)), other),
  row("12.3.1", "an exact name does not match a shorter one", listed(entry("A0000003330101"), entry(other)), other),
  row("12.3.1", "a partial name matches longer ones", listed(entry(debit), entry(credit)), `${debit} ${credit}`, {
    ...partial,
    asks: true,
  }),
  row("12.3.1", "a partial name matches itself", listed(entry(brand)), brand, partial),
  row("12.3.1", "a partial name does not match a shorter one", listed(entry(brand), entry(other)), other, {
    known: ["A0000003330101*", other],
  }),
  row("12.4", "one candidate without a wish is selected without a question", listed(entry(debit, [0x87, "01"])), debit),
  row("12.4", "one candidate that wants to be confirmed", listed(entry(debit, [0x87, "81"])), debit, { asks: true }),
  row(
    "12.4",
    "candidates by priority",
    listed(entry(debit, [0x87, "02"]), entry(other, [0x87, "01"])),
    `${other} ${debit}`,
    { asks: true },
  ),
  row(
    "12.4",
    "priority 15 before none",
    listed(entry(debit, [0x87, "00"]), entry(other, [0x87, "0F"])),
    `${other} ${debit}`,
    { asks: true },
  ),
  row("12.4", "no priority comes last", listed(entry(debit), entry(other, [0x87, "05"])), `${other} ${debit}`, {
    asks: true,
  }),
  row(
    "12.4",
    "equal priorities in the card's order",
    listed(entry(other, [0x87, "01"]), entry(debit, [0x87, "01"])),
    `${other} ${debit}`,
    { asks: true },
  ),
  row(
    "12.4",
    "only the lower half of the byte is the priority",
    listed(entry(debit, [0x87, "82"]), entry(other, [0x87, "73"])),
    `${debit} ${other}`,
    { asks: true },
  ),
  row(
    "12.3.3",
    "what is not there is no candidate",
    [noDirectory, [selectFirst(debit), "6A82"], [selectFirst(other), "6A82"]],
    "",
  ),
  row("12.3.3", "all that are there are candidates", [noDirectory, found(debit), found(other)], `${debit} ${other}`, {
    asks: true,
  }),
  row("12.3.3", "a blocked card ends it", [noDirectory, [selectFirst(debit), "6A81"]], "cardBlocked"),
  row(
    "12.3.3",
    "a blocked application is no candidate",
    [noDirectory, [selectFirst(debit), `${fileControl(debit)}6283`], found(other)],
    other,
  ),
  row(
    "12.3.3",
    "only blocked ones: there is nothing to select",
    [noDirectory, [selectFirst(debit), `${fileControl(debit)}6283`], [selectFirst(other), "6A82"]],
    "applicationBlocked",
  ),
  row(
    "12.3.3",
    "an answer without file control information is passed over",
    [noDirectory, [selectFirst(debit), "9000"], found(other)],
    other,
  ),
  row(
    "12.3.3",
    "another application's answer is passed over",
    [noDirectory, found(debit, credit), found(other)],
    other,
  ),
  row(
    "12.3.3",
    "a partial name is asked for its next occurrence",
    [noDirectory, found(brand, debit), next(brand, `${fileControl(credit)}9000`), next(brand, "6A82")],
    `${debit} ${credit}`,
    { ...partial, asks: true },
  ),
  row(
    "12.3.3",
    "a partial name that is the whole name has no next occurrence",
    [noDirectory, found(brand)],
    brand,
    partial,
  ),
  row(
    "12.3.3",
    "a blocked next occurrence is no candidate",
    [noDirectory, found(brand, debit), next(brand, `${fileControl(credit)}6283`), next(brand, "6A82")],
    debit,
    partial,
  ),
  row(
    "12.3.3",
    "after a blocked first occurrence comes the next",
    [
      noDirectory,
      [selectFirst(brand), `${fileControl(debit)}6283`],
      next(brand, `${fileControl(credit)}9000`),
      next(brand, "6A82"),
    ],
    credit,
    partial,
  ),
  row(
    "12.3.3",
    "a card that repeats itself is asked no more",
    [noDirectory, found(brand, debit), next(brand, `${fileControl(debit)}9000`)],
    debit,
    partial,
  ),
  row(
    "12.3.2",
    "a name of sixteen bytes is one",
    listed(entry(`${debit}${"00".repeat(8)}`)),
    `${debit}${"00".repeat(8)}`,
    {
      known: [`${brand}*`],
    },
  ),
  row(
    "12.3.3",
    "a blocked application with the whole of a partial name has no next occurrence",
    [noDirectory, [selectFirst(brand), `${fileControl(brand)}6283`], found(other)],
    other,
    { known: [`${brand}*`, other] },
  ),
  row(
    "12.3.3",
    "an answer without a name is followed by the next name of the list",
    [noDirectory, [selectFirst(brand), `${template("6F", tlv([0x50, "54"]))}9000`], found(other)],
    other,
    { known: [`${brand}*`, other] },
  ),
  row(
    "12.3.3",
    "another application's answer to a partial name is followed by the next name of the list",
    [noDirectory, found(brand, other), found(other)],
    other,
    { known: [`${brand}*`, other] },
  ),
  row(
    "12.3.3",
    "a longer name's answer to an exact name is followed by the next name of the list",
    [noDirectory, found(debit, `${debit}01`), found(other)],
    other,
  ),
  row(
    "12.3.3",
    "an application that a longer name of the list has found does not hide the next occurrence",
    [
      noDirectory,
      found("A0000003330101", debit),
      next("A0000003330101", "6A82"),
      found(brand, debit),
      next(brand, `${fileControl("A000000333020201")}9000`),
      next(brand, "6A82"),
    ],
    `${debit} A000000333020201`,
    { known: ["A0000003330101*", `${brand}*`], asks: true },
  ),
  row(
    "12.3.3",
    "an application that is found twice is one candidate",
    [
      noDirectory,
      found("A0000003330101", debit),
      next("A0000003330101", "6A82"),
      found(brand, debit),
      next(brand, "6A82"),
    ],
    debit,
    { known: ["A0000003330101*", `${brand}*`] },
  ),
  row(
    "12.3.3",
    "a blocked application that the card repeats is asked for no more",
    [
      noDirectory,
      [selectFirst(brand), `${fileControl(debit)}6283`],
      next(brand, `${fileControl(debit)}6283`),
      found(other),
    ],
    other,
    { known: [`${brand}*`, other] },
  ),
];

numbered("SEL", cases, async ({ script, known = both, result, asks = false }) => {
  const supported = known.map((name): SupportedApplication => {
    const match = name.endsWith("*") ? "partial" : "exact";
    return { aid: hexToBytes(name.replace("*", "")), match };
  });
  const card = new ScriptedCard(script);
  const found = await outcomeOf(() => buildCandidateList(card, supported));
  assert.is(typeof found === "string" ? found : found.map(({ aid }) => bytesToHex(aid)).join(" "), result);
  assert.is(card.left, 0);
  assert.is(typeof found === "string" ? false : selectionRequired(found), asks);
});

test.run();
