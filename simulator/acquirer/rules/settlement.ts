/** The end of a batch: totals compared (0500), script results noted (0620). */
import type { TransactionRecord } from "../book.ts";
import type { Fields } from "../iso8583/codec.ts";

import { readChipData } from "../issuer/answer.ts";
import { showField } from "../log.ts";

import { type AnswerFields, type Bank, batchText, readField60, type TerminalState } from "./bank.ts";
import { kindNamed } from "./kinds.ts";

const BALANCED = "1";
const UNBALANCED = "2";
/** Digits of one side of field 48: debits and credits (amount 12, count 3), then the host's verdict. */
const SIDE = 31;

const UNCOUNTED = ["declined", "reversed", "adjusted"];
const UNSETTLED = ["balance", "preAuthorisation", "preAuthorisationVoid"];
const WRONG_BATCH = "77";
const MALFORMED = "30";

/** Sums as settlement compares them; a void counts as a credit, what was reversed not at all. */
function sideTotals(records: readonly TransactionRecord[]): string {
  const isCredit = (record: TransactionRecord) => {
    const { effect } = kindNamed(record.kind);
    return effect === "credit" || effect === "undo";
  };
  const write = (list: readonly TransactionRecord[]) =>
    String(list.reduce((sum, record) => sum + record.amount, 0)).padStart(12, "0") +
    String(list.length).padStart(3, "0");
  return write(records.filter((record) => !isCredit(record))) + write(records.filter(isCredit));
}

/** Whether a card or a wallet is one of UnionPay's. */
export function isDomestic(record: TransactionRecord): boolean {
  return record.account?.network === "CUP";
}

/** Answers 0500 with field 48 of both sides: UnionPay's cards, then all others, each with a verdict. */
export function answerSettlement(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const batch = batchText(terminal.batch);
  if (readField60(fields).batch !== batch) return { ...bank.stamp(), 39: WRONG_BATCH };
  const claimed = fields[48] ?? "";
  if (claimed.length !== SIDE * 2) return { ...bank.stamp(), 39: MALFORMED };
  const records = bank.book
    .ofBatch(terminal.entry.terminal, batch)
    .filter(({ state, kind }) => !UNCOUNTED.includes(state) && !UNSETTLED.includes(kind));
  const sides = [records.filter(isDomestic), records.filter((record) => !isDomestic(record))].map(sideTotals);
  const verdicts = sides.map((totals, index) => {
    const claim = claimed.slice(index * SIDE, index * SIDE + SIDE - 1);
    return totals + (totals === claim ? BALANCED : UNBALANCED);
  });
  return { ...bank.stamp(), 15: bank.calendar.now().day, 39: "00", 48: verdicts.join("") };
}

/** Answers 0620: the host keeps what scripts did to a card, once a transaction. */
export function answerScriptNotice(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const named = /^(\d{6})(\d{6})\d{4}$/.exec(fields[61] ?? "");
  const chip = fields[55] === undefined ? undefined : readChipData(fields[55]);
  if (!chip?.has("DF31") || !named) return { ...bank.stamp(), 39: MALFORMED };
  const [, batch = "", stan = ""] = named;
  const card = bank.account(fields[2] ?? "")?.name;
  const name = terminal.entry.terminal;
  bank.notices.set(`${name}/${batch}/${stan}`, {
    terminal: name,
    batch,
    stan,
    card,
    chip: showField("0620", 55, fields[55]!),
  });
  return { ...bank.stamp(), 39: "00" };
}
