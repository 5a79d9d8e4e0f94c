import { test } from "uvu";
import * as assert from "uvu/assert";
import { openContactCard } from "../../../firmware/emv/contact.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { application, directory, fileControl, records, selectFirst, template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { type Case, hexOf, numbered, outcomeOf, sessionOf } from "./series.ts";

interface Final extends Case {
  /** Priorities of the directory's two applications; one entry: only the first is there. */
  readonly priorities: readonly string[];
  /** Which candidates the cardholder takes, by their place in the list each time. */
  readonly choices?: readonly number[];
  readonly script: readonly Exchange[];
  /** The name that was opened, or how the session ends. */
  readonly result: string;
}

const debit = "A000000333010101";
const credit = "A000000333010102";
const names = [debit, credit];

const row = (
  requirement: string,
  what: string,
  priorities: readonly string[],
  result: string,
  script: readonly Exchange[],
  choices: readonly number[] = [],
): Final => ({ requirement, what, priorities, choices, script, result });

const selected = (aid: string): Exchange => [selectFirst(aid), `${fileControl(aid)}9000`];
const blocked = (aid: string): Exchange => [selectFirst(aid), `${fileControl(aid)}6283`];
const refused = (aid: string, status: string): Exchange => [selectFirst(aid), status];
const takenBack: Exchange = ["80A8000002830000", "6985"];
const read = records();

const cases: readonly Final[] = [
  row("Book 1, 12.4", "the one candidate is selected", ["01"], debit, [selected(debit), ...read]),
  row(
    "Book 1, 12.4",
    "a candidate that must be confirmed is asked about",
    ["81"],
    debit,
    [selected(debit), ...read],
    [0],
  ),
  row("Book 1, 12.4", "the cardholder takes the first", ["01", "02"], debit, [selected(debit), ...read], [0]),
  row("Book 1, 12.4", "the cardholder takes the second", ["01", "02"], credit, [selected(credit), ...read], [1]),
  row("Book 1, 12.4", "the list that is shown is by priority", ["02", "01"], credit, [selected(credit), ...read], [0]),
  row(
    "Book 1, 12.4",
    "a refused one is taken off the list, and the other selected",
    ["01", "02"],
    credit,
    [refused(debit, "6A82"), selected(credit), ...read],
    [0],
  ),
  row(
    "Book 1, 12.4",
    "a blocked one is taken off the list, and the other selected",
    ["01", "02"],
    credit,
    [blocked(debit), selected(credit), ...read],
    [0],
  ),
  row("Book 1, 12.4", "the last one refused: nothing is left", ["01"], "noApplication", [refused(debit, "6A82")]),
  row("Book 1, 12.4", "the last one blocked: it is said so", ["01"], "applicationBlocked", [blocked(debit)]),
  row(
    "Book 1, 12.4",
    "an answer for another name is none",
    ["01", "02"],
    credit,
    [[selectFirst(debit), `${fileControl(credit)}9000`], selected(credit), ...read],
    [0],
  ),
  row("Book 1, 12.4", "an answer without template A5 is none", ["01"], "noApplication", [
    [selectFirst(debit), `${template("6F", tlv([0x84, debit]))}9000`],
  ]),
  row(
    "Book 3, 10.1",
    "6985: taken off the list, and the other selected",
    ["01", "02"],
    credit,
    [selected(debit), takenBack, selected(credit), ...read],
    [0],
  ),
  row("Book 3, 10.1", "6985 for the only one: nothing is left", ["01"], "noApplication", [selected(debit), takenBack]),
  row(
    "Book 3, 10.1",
    "the other one must be confirmed after 6985 too",
    ["01", "82"],
    credit,
    [selected(debit), takenBack, selected(credit), ...read],
    [0, 0],
  ),
];

function directoryOf(priorities: readonly string[]): readonly Exchange[] {
  const entries = priorities.map((priority, i) => template("61", tlv([0x4f, names[i]!], [0x87, priority])));
  return [
    [directory, `${fileControl("315041592E5359532E4444463031", tlv([0x88, "01"]))}9000`],
    ["00B2010C00", `${template("70", entries.join(""))}9000`],
    ["00B2020C00", "6A83"],
  ];
}

numbered("FIN", cases, async ({ priorities, choices = [], script, result }) => {
  const data = sessionOf([[tags.terminalVerificationResults, "0000000000"]], []);
  const card = new ScriptedCard([...directoryOf(priorities), ...script]);
  let asked = 0;
  const outcome = await outcomeOf(async () => {
    await openContactCard(card, data, [application("A0000003330101")], {
      choose: () => Promise.resolve(choices[asked++] ?? 0),
      beforeProcessing: () => Promise.resolve(),
    });
    return hexOf(data, tags.dedicatedFileName);
  });
  assert.is(outcome, result);
  assert.is(asked, choices.length);
  assert.is(card.left, 0);
});

test.run();
