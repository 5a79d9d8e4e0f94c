/** The batch upload (0320): what the terminal says it did, compared with the books record by record; its end closes the batch. */
import { panOf } from "../accounts.ts";
import type { TransactionRecord } from "../book.ts";
import type { Fields } from "../iso8583/codec.ts";
import { readChipData } from "../issuer/answer.ts";
import { showField } from "../log.ts";
import {
  type AnswerFields,
  type Bank,
  batchText,
  type Discrepancy,
  readField60,
  type TerminalState,
  type UploadedPayment,
} from "./bank.ts";
import { kindNamed } from "./kinds.ts";

/** Details of payments: count (2), then each kind of card (2), STAN (6), card number (20; zeros for a wallet's), amount (12). */
const COUNT = 2;
const DETAIL = 40;
const MOST_DETAILS = 8;

const MALFORMED = "30";
const WRONG_BATCH = "77";
const OUT_OF_BALANCE = "95";
const UNSUPPORTED = "40";
/** Kind of cryptogram in 9F27, and that of a refusal. */
const KIND = 0xc0;
const REFUSED = 0x00;
/** Why money is held that the terminal does not know, or knows otherwise. */
const REASON = "reconciliation";
const DAYS = 5;

type Step = (bank: Bank, terminal: TerminalState, fields: Fields) => string;

/** Several payments in field 48. */
function takeDetails(_bank: Bank, terminal: TerminalState, fields: Fields): string {
  const text = fields[48] ?? "";
  const count = Number(text.slice(0, COUNT));
  if (count < 1 || count > MOST_DETAILS || text.length !== COUNT + count * DETAIL) return MALFORMED;
  for (let at = COUNT; at < text.length; at += DETAIL) {
    const stan = text.slice(at + 2, at + 8);
    const pan = text.slice(at + 8, at + 28).replace(/^0+/, "");
    terminal.uploaded.set(stan, { stan, pan, amount: Number(text.slice(at + 28, at + DETAIL)) });
  }
  return "00";
}

/** One chip payment in fields of its own. */
function takeChip(_bank: Bank, terminal: TerminalState, fields: Fields): string {
  const named = /^(\d{6})(\d{6})/.exec(fields[61] ?? "");
  const stan = named?.[2] ?? fields[11];
  if (stan === undefined || fields[2] === undefined || fields[4] === undefined) return MALFORMED;
  terminal.uploaded.set(stan, { stan, pan: fields[2], amount: Number(fields[4]) });
  return "00";
}

/** What a card refused by itself: no money, but its issuer wanted to be told. */
function takeRefusal(bank: Bank, terminal: TerminalState, fields: Fields): string {
  const stan = /^\d{6}(\d{6})/.exec(fields[61] ?? "")?.[1];
  const chip = fields[55] === undefined ? undefined : readChipData(fields[55]);
  const information = chip?.get("9F27")?.[0];
  if (stan === undefined || fields[2] === undefined || fields[4] === undefined || information === undefined) {
    return MALFORMED;
  }
  if ((information & KIND) !== REFUSED) return MALFORMED;
  const name = terminal.entry.terminal;
  const batch = batchText(terminal.batch);
  terminal.refusals.add(stan);
  bank.advices.set(`${name}/${batch}/${stan}`, {
    terminal: name,
    batch,
    stan,
    card: bank.account(fields[2])?.name,
    amount: Number(fields[4]),
    chip: showField("0320", 55, fields[55]!),
  });
  return "00";
}

/** Whether a transaction is one that a terminal uploads: money that moved and stands. */
function isPayment({ kind, state }: TransactionRecord): boolean {
  const { effect } = kindNamed(kind);
  return state === "approved" && effect !== "none" && effect !== "hold" && effect !== "undo";
}

function compare(uploaded: UploadedPayment, record: TransactionRecord | undefined): Discrepancy["what"] | undefined {
  if (!record || !isPayment(record)) return "unknown to the host";
  if (panOf(record.account) !== uploaded.pan) return "other card";
  return record.amount === uploaded.amount ? undefined : "other amount";
}

/** Compares and closes. What differs is written down, and held as far as the books have it. */
function end(everything: boolean): Step {
  return (bank, terminal, fields) => {
    const count = fields[48];
    if (count !== undefined && Number(count) !== terminal.uploaded.size + terminal.refusals.size) return OUT_OF_BALANCE;
    const batch = batchText(terminal.batch);
    const name = terminal.entry.terminal;
    const records = bank.book.ofBatch(name, batch);
    const found = new Map(records.map((record) => [record.stan, record]));
    const differ = (stan: string, what: Discrepancy["what"] | undefined) => {
      if (!what) return;
      bank.discrepancies.push({ terminal: name, batch, stan, what });
      const record = found.get(stan);
      if (record) bank.hold(record, REASON, DAYS);
    };
    for (const payment of terminal.uploaded.values()) differ(payment.stan, compare(payment, found.get(payment.stan)));
    for (const stan of terminal.refusals) {
      const record = found.get(stan);
      if (record && isPayment(record)) differ(stan, "refused by the card");
    }
    if (everything) {
      const missing = records.filter(
        (record) => isPayment(record) && !terminal.uploaded.has(record.stan) && !terminal.refusals.has(record.stan),
      );
      for (const { stan } of missing) differ(stan, "unknown to the terminal");
    }
    bank.closeBatch(terminal);
    return "00";
  };
}

/** What an upload message is, by the code of field 60. */
const steps: Readonly<Record<string, Step>> = {
  "201": takeDetails,
  "203": takeChip,
  "205": takeChip,
  "204": takeRefusal,
  "206": takeRefusal,
  "202": end(true),
  "207": end(false),
};

/** Answers 0320. What was answered for the batch that ended last is answered so again. */
export function answerBatchUpload(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const { batch, code } = readField60(fields);
  const step = Object.hasOwn(steps, code) ? steps[code] : undefined;
  if (!step) return { ...bank.stamp(), 39: UNSUPPORTED };
  if (batch === batchText(terminal.batch)) return { ...bank.stamp(), 39: step(bank, terminal, fields) };
  const closedBefore = terminal.batch > 1 && batch === batchText(terminal.batch - 1);
  return { ...bank.stamp(), 39: closedBefore ? "00" : WRONG_BATCH };
}
