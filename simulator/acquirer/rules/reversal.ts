/** Reversals: the host undoes what it did, once, and ends repeats of what it never saw (0400). */
import { recordKey } from "../book.ts";
import type { Fields } from "../iso8583/codec.ts";
import { inverse } from "../ledger.ts";
import { type AnswerFields, type Bank, readField60, type TerminalState } from "./bank.ts";

/**
 * Response code of a reversal: 00 undone or never seen, 25 reversed before or of another day, 22 its batch is settled, or its customer had
 * paid the shop's own code before the terminal knew, 64 wrong amount, 30 incomplete.
 * The original is the one with the same merchant, terminal, batch and STAN.
 */
function undo(bank: Bank, terminal: TerminalState, fields: Fields): string {
  const { batch } = readField60(fields);
  const stan = fields[11];
  if (stan === undefined || fields[4] === undefined || batch.length !== 6) return "30";
  const key = recordKey(terminal.entry.terminal, batch, stan);
  const original = bank.book.find(key);
  const order = bank.orders.find(key);
  if (order?.state === "pending") {
    if (Number(fields[4]) !== order.amount) return "64";
    bank.closeOrder(order);
    return "00";
  }
  if (!original) {
    if (bank.book.wasUndoneUnseen(key)) return "25";
    bank.undoUnseen(key);
    return "00";
  }
  if (original.state === "reversed") return "25";
  if (original.day !== bank.calendar.now().day) return "25";
  if (Number(fields[4]) !== original.amount) return "64";
  if (original.state === "declined") return "00";
  if (original.state !== "approved") return "25";
  if (bank.isSettled(original) || bank.shopPayments.isClaimed(key)) return "22";
  if (original.legs.length > 0) bank.ledger.post(bank.calendar.elapsed, "reversal", key, inverse(original.legs));
  original.state = "reversed";
  bank.changed(original);
  if (original.touched) {
    const { record, before } = original.touched;
    // Undoing a void of a completion uses the pre-authorisation up again.
    if (record.touched && record.state === "voided") {
      record.touched.record.state = "completed";
      bank.changed(record.touched.record);
    }
    if (original.kind === "refund") record.refunded -= original.amount;
    record.state = before;
    bank.changed(record);
  }
  return "00";
}

/** Answers 0400. */
export function answerReversal(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const day = bank.calendar.now().day;
  return { 2: fields[2], ...bank.stamp(), 15: day, 39: undo(bank, terminal, fields) };
}
