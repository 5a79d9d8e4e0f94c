/** Financial requests: judged, booked, answered (0100, 0200, 0220). */
import { feeKey } from "../accounts.ts";
import type { TransactionRecord, TransactionState } from "../book.ts";
import { hex } from "../bytes.ts";
import { feeFor, feeReturned, riskOf } from "../funds/fees.ts";
import { answerChip, judgeCryptogram } from "../issuer/answer.ts";
import { clearingAccount, exchange, heldAccount, inverse, type Leg, transfer } from "../ledger.ts";
import { ACQUIRER, type AnswerFields, type Bank } from "./bank.ts";
import { judgeMessage, judgeTransaction } from "./checks.ts";
import { answerCode, codeAnswer } from "./code-payment.ts";
import type { Effect } from "./kinds.ts";
import type { FinancialRequest } from "./request.ts";

/** What an approval does: legs to post, and the earlier transaction it changes. */
interface Booking {
  readonly legs: Leg[];
  readonly becomes?: TransactionState;
}

function shop({ terminal, currency, amount }: FinancialRequest) {
  return { account: clearingAccount(terminal.entry.merchant), currency: currency!, amount: amount! };
}

function card({ payer }: FinancialRequest) {
  return { account: payer!.name, currency: payer!.currency };
}

function heldMoney(original: TransactionRecord): number {
  return original.legs.find((leg) => leg.account === heldAccount(original.account!.name))!.amount;
}

const bookings: Record<Effect, (request: FinancialRequest) => Booking> = {
  none: () => ({ legs: [] }),
  debit: (request) => ({ legs: transfer(card(request), shop(request)) }),
  credit: (request) => ({ legs: inverse(transfer(card(request), shop(request))), becomes: request.original!.state }),
  hold: (request) => {
    const { account, currency } = card(request);
    const amount = exchange(request.amount!, request.currency!, currency);
    return { legs: transfer({ account, currency }, { account: heldAccount(account), currency, amount }) };
  },
  undo: ({ original }) => ({ legs: inverse(original!.legs), becomes: "voided" }),
  complete: (request) => {
    const { account, currency } = card(request);
    const held = heldMoney(request.original!);
    const release = transfer({ account: heldAccount(account), currency }, { account, currency, amount: held });
    return { legs: [...release, ...transfer({ account, currency }, shop(request))], becomes: "completed" };
  },
  adjust: (request) => ({
    legs: [...inverse(request.original!.legs), ...transfer(card(request), shop(request))],
    becomes: "adjusted",
  }),
};

/** What the shop pays for it, or gets back. */
function feeOf({ kind, payer, amount, original }: FinancialRequest): number {
  if (kind!.effect === "credit") return -feeReturned(original!, original!.refunded, amount!);
  return TAKES_MONEY.includes(kind!.effect) ? feeFor(feeKey(payer!), amount!) : 0;
}

const TAKES_MONEY: readonly Effect[] = ["debit", "complete", "adjust"];

/** States of what an undone transaction had itself changed: voiding a completion revives its pre-authorisation. */
function revive(bank: Bank, original: TransactionRecord): void {
  if (!original.touched) return;
  original.touched.record.state = original.touched.before;
  bank.changed(original.touched.record);
}

function record(
  request: FinancialRequest,
  response: string,
  codes: { reference: string; authorisation: string; cryptogram: string | undefined },
): void {
  const { bank, terminal, kind, original, payer, amount } = request;
  const approved = response === "00";
  const booking: Booking = approved ? bookings[kind!.effect](request) : { legs: [] };
  const { day, time, month } = bank.calendar.now();
  const risk = approved && TAKES_MONEY.includes(kind!.effect) ? riskOf(feeKey(payer!), amount!) : undefined;
  const fee = approved ? feeOf(request) : 0;
  if (booking.becomes && original) {
    if (booking.becomes === "voided") revive(bank, original);
    if (kind!.effect === "credit") original.refunded += amount!;
  }
  const touched = booking.becomes && original && { record: original, before: original.state };
  if (touched) {
    original.state = booking.becomes;
    bank.changed(original);
  }
  const entry =
    booking.legs.length > 0
      ? bank.ledger.post(bank.calendar.elapsed, kind!.name, request.key, booking.legs)
      : undefined;
  bank.add({
    key: request.key,
    number: bank.book.size + 1,
    entry: entry?.id,
    cryptogram: codes.cryptogram,
    terminal: terminal.entry.terminal,
    merchant: terminal.entry.merchant,
    batch: request.batch,
    stan: request.stan,
    kind: kind!.name,
    type: kind!.type,
    amount: amount ?? 0,
    currency: request.currency!,
    account: payer,
    at: bank.calendar.elapsed,
    day,
    time,
    month,
    response,
    authorisationCode: codes.authorisation,
    reference: codes.reference,
    legs: booking.legs,
    fee,
    state: approved ? "approved" : "declined",
    refunded: 0,
    withheld: risk?.reason,
    holdDays: risk?.workingDays,
    touched,
  });
}

function issuerText({ account }: FinancialRequest): string {
  const issuer = { CUP: "01030000", VIS: "04760000", MCC: "05410000" }[account?.network ?? "CUP"];
  return issuer.padEnd(11) + ACQUIRER.padEnd(11);
}

/** Field 54: account type 10, available balance, currency, sign, twelve digits. */
function balanceText({ bank, account, currency }: FinancialRequest): string {
  const balance = exchange(bank.ledger.balance(account!.name, account!.currency), account!.currency, currency!);
  const sign = balance < 0 ? "D" : "C";
  return `1002156${sign}${String(Math.abs(balance)).padStart(12, "0")}`;
}

/** Codes of a host that could not ask whom it had to ask (68, 91, 98) or had a trouble of its own (96): no decision. */
const UNDECIDED: readonly string[] = ["68", "91", "96", "98"];

/** Whether a message tells what has happened already. */
function isTold({ kind }: FinancialRequest, mti: string): boolean {
  return mti === "0220" || kind?.advice === true;
}

/** A repeated advice is answered like the first time and booked once. */
function repeatedAdvice(request: FinancialRequest, mti: string): TransactionRecord | undefined {
  const earlier = isTold(request, mti) ? request.bank.book.find(request.key) : undefined;
  const same = earlier?.kind === request.kind?.name && earlier?.amount === request.amount;
  return same ? earlier : undefined;
}

/**
 * Answers a financial request. `forced` is a response code asked for from outside: a refusal that books nothing and does not
 * look at the card.
 */
export function answerFinancial(request: FinancialRequest, mti: string, forced: string | undefined): AnswerFields {
  const { bank, fields, account, chip, signed, kind } = request;
  const reference = bank.nextReference();
  const base = { 2: request.pans[0], ...bank.stamp(reference), 15: bank.calendar.now().day };
  const repeated = repeatedAdvice(request, mti);
  if (repeated) {
    const codes = { 37: repeated.reference, 38: repeated.authorisationCode || undefined, 39: repeated.response };
    return { ...base, ...codes, ...(request.byCode && codeAnswer(bank, request.original?.key)) };
  }
  const objection = judgeMessage(request);
  if (objection !== undefined) return { ...base, 39: objection };
  // What was not decided is not remembered: told again, an advice is judged as if for the first time.
  if (forced !== undefined && UNDECIDED.includes(forced) && isTold(request, mti)) return { ...base, 39: forced };

  const response = forced ?? judgeTransaction(request);
  if (request.byCode && kind!.effect === "debit")
    return { ...base, ...answerCode(request, response, forced, reference) };
  const approved = response === "00";
  const authorisation = approved && kind!.effect !== "none" ? bank.nextAuthorisationCode() : "";
  const genuine = account && chip && signed && judgeCryptogram(account, signed) === "genuine";
  const chipAnswer = genuine && request.entry !== "code" ? answerChip(account, chip, response) : undefined;
  const cryptogram = genuine ? hex(chip.get("9F26")!) : undefined;
  if (cryptogram) account!.cryptograms.add(cryptogram);
  record(request, response, { reference, authorisation, cryptogram });
  if (request.byCode)
    return { ...base, 38: authorisation || undefined, 39: response, ...codeAnswer(bank, request.original?.key) };
  return {
    ...base,
    14: account?.expires,
    23: fields[23],
    38: authorisation || undefined,
    39: response,
    44: issuerText(request),
    ...(approved && kind!.effect === "none" && { 54: balanceText(request) }),
    55: chipAnswer,
    63: account?.network,
  };
}
