/** The end of a batch: totals compared (0500), details taken (0320), script results noted (0620). */
import type { TransactionRecord } from "../book.ts";
import type { Fields } from "../iso8583/codec.ts";
import { readChipData } from "../issuer/answer.ts";
import { type AnswerFields, type Bank, batchText, readField60, type TerminalState } from "./bank.ts";
import { kinds } from "./kinds.ts";

const BALANCED = "1";
const UNBALANCED = "2";
/** Codes of field 60 that end a batch upload and with it the batch. */
const BATCH_END = ["202", "207"];
/** Digits of one side of field 48: debits and credits (amount 12, count 3), then the host's verdict. */
const SIDE = 31;

const UNCOUNTED = ["declined", "reversed", "adjusted"];

/** Sums as settlement compares them; a void counts as a credit, what was reversed not at all. */
function sideTotals(records: readonly TransactionRecord[]): string {
  const isCredit = (record: TransactionRecord) => {
    const effect = kinds.find((kind) => kind.name === record.kind)!.effect;
    return effect === "credit" || effect === "undo";
  };
  const counted = records.filter((record) => !UNCOUNTED.includes(record.state));
  const write = (list: readonly TransactionRecord[]) =>
    String(list.reduce((sum, record) => sum + record.amount, 0)).padStart(12, "0") +
    String(list.length).padStart(3, "0");
  return write(counted.filter((record) => !isCredit(record))) + write(counted.filter(isCredit));
}

const UNSETTLED = ["balance", "preAuthorisation", "preAuthorisationVoid"];

/** Answers 0500 with field 48 of both sides: domestic cards, then foreign ones, each with a verdict. */
export function answerSettlement(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const batch = batchText(terminal.batch);
  const claimed = fields[48] ?? "";
  const records = bank.book
    .records()
    .filter((record) => record.terminal === terminal.entry.terminal && record.batch === batch)
    .filter((record) => !UNSETTLED.includes(record.kind));
  const isDomestic = (record: TransactionRecord) => record.account?.network === "CUP";
  const sides = [records.filter(isDomestic), records.filter((record) => !isDomestic(record))].map(sideTotals);
  const verdicts = sides.map((totals, index) => {
    const claim = claimed.slice(index * SIDE, index * SIDE + SIDE - 1) || "0".repeat(SIDE - 1);
    return totals + (totals === claim ? BALANCED : UNBALANCED);
  });
  return { ...bank.stamp(), 15: bank.calendar.now().day, 39: "00", 48: verdicts.join("") };
}

/** Answers 0320; the message that ends the upload opens the next batch. */
export function answerBatchUpload(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const { batch, code } = readField60(fields);
  if (batch !== batchText(terminal.batch)) return { 39: "77" };
  if (BATCH_END.includes(code)) terminal.batch = (terminal.batch % 999_999) + 1;
  return { ...bank.stamp(), 39: "00" };
}

/** Answers 0620: the host notes what scripts did to a card, where the message says so and of which transaction. */
export function answerScriptNotice(bank: Bank, _terminal: TerminalState, fields: Fields): AnswerFields {
  const chip = fields[55] === undefined ? undefined : readChipData(fields[55]);
  const isWhole = chip?.has("DF31") === true && /^\d{16}$/.test(fields[61] ?? "");
  return { ...bank.stamp(), 39: isWhole ? "00" : "30" };
}
