/** Payments by code: opened for a terminal, decided at once or later, and then booked as a card's would be. */
import { feeKey } from "../accounts.ts";
import { feeFor, riskOf } from "../funds/fees.ts";
import { clearingAccount, transfer } from "../ledger.ts";
import { writeCodeData } from "../wallet/field59.ts";
import { type Order, PENDING, PENDING_LIFE } from "../wallet/orders.ts";
import { ISSUERS } from "../wallet/ranges.ts";
import { ACQUIRER, type AnswerFields, type Bank } from "./bank.ts";
import { kindNamed } from "./kinds.ts";
import type { FinancialRequest } from "./request.ts";

/** What pending payments that nobody decided end with. */
const EXPIRED = "54";

/** 28 digits: the day, the acquirer, a running number. */
export function orderNumber(bank: Bank): string {
  const { elapsed } = bank.calendar;
  return (
    bank.calendar.dateAt(elapsed) + ACQUIRER + String(bank.orders.size + bank.shopPayments.size + 1).padStart(12, "0")
  );
}

function openOrder(request: FinancialRequest): Order {
  const { bank, terminal, key, batch, stan, amount, currency, code, payer } = request;
  const account = payer && bank.walletAccount(payer.name);
  const announced = code?.reference !== undefined;
  const asks = account === undefined || account.asks === "nothing" ? "confirmation" : account.asks;
  return {
    key,
    number: orderNumber(bank),
    terminal: terminal.entry.terminal,
    merchant: terminal.entry.merchant,
    batch,
    stan,
    amount: amount!,
    currency: currency!,
    at: bank.calendar.elapsed,
    day: bank.calendar.now().day,
    announced,
    account,
    state: "pending",
    waitingFor: announced ? "scan" : asks,
    tries: 0,
  };
}

/**
 * Fields of the answer to a payment by code that was judged: approved, declined, or pending (09). What was shown has served,
 * whatever became of it, but for a refusal that was forced: that did not look at it.
 */
export function answerCode(
  request: FinancialRequest,
  response: string,
  forced: string | undefined,
  reference: string,
): AnswerFields {
  const { bank, code, key } = request;
  const shown =
    (forced === undefined || forced === PENDING) && code?.code !== undefined ? bank.codes.find(code.code) : undefined;
  if (shown && !shown.used) bank.codes.use(shown);
  const order = openOrder(request);
  bank.orders.add(order);
  if (response !== PENDING) conclude(bank, order, response, { reference });
  return { 38: bank.book.find(key)?.authorisationCode || undefined, 39: response, ...codeAnswer(bank, key) };
}

/** Fields that tell of a payment by code: issuer, order and payer, wallet. */
export function codeAnswer(bank: Bank, key: string | undefined): AnswerFields {
  const order = key === undefined ? undefined : bank.orders.find(key);
  if (order === undefined) return {};
  const { number, account } = order;
  return {
    44: account && ISSUERS[account.network].padEnd(11) + ACQUIRER.padEnd(11),
    59: writeCodeData({ order: number, ...(account && { payer: account.payer }) }),
    63: account?.network,
  };
}

/** A pending payment comes to its end, and into the book: 00 moves the money. */
export function conclude(
  bank: Bank,
  order: Order,
  response: string,
  { reference = bank.nextReference(), authorisationCode }: { reference?: string; authorisationCode?: string } = {},
): void {
  const { account, amount, currency, key } = order;
  const approved = response === "00";
  const shop = { account: clearingAccount(order.merchant), currency, amount };
  const legs = approved ? transfer({ account: account!.name, currency: account!.currency }, shop) : [];
  const risk = approved ? riskOf(feeKey(account!), amount) : undefined;
  const kind = kindNamed("sale");
  const entry = approved ? bank.ledger.post(bank.calendar.elapsed, kind.name, key, legs) : undefined;
  order.state = approved ? "paid" : "declined";
  order.waitingFor = undefined;
  bank.orders.changed(order);
  const { day, time, month } = bank.calendar.now();
  bank.add({
    key,
    number: bank.book.size + 1,
    entry: entry?.id,
    terminal: order.terminal,
    merchant: order.merchant,
    batch: order.batch,
    stan: order.stan,
    kind: kind.name,
    type: kind.type,
    amount,
    currency,
    account,
    at: bank.calendar.elapsed,
    day,
    time,
    month,
    response,
    authorisationCode: approved ? (authorisationCode ?? bank.nextAuthorisationCode()) : "",
    reference,
    legs,
    fee: approved ? feeFor(feeKey(account!), amount) : 0,
    state: approved ? "approved" : "declined",
    refunded: 0,
    withheld: risk?.reason,
    holdDays: risk?.workingDays,
  });
}

/** Ends what has been pending for too long. */
export function endOldOrders(bank: Bank): void {
  for (const order of bank.orders.pending())
    if (bank.calendar.elapsed - order.at > PENDING_LIFE) conclude(bank, order, EXPIRED);
}
