/** Payments to a shop's own code: taken at once, and told to the terminal, which takes each over under a STAN of its own. */

import { recordKey } from "../book.ts";
import { CURRENCY, inverse, transfer, unclaimedAccount } from "../ledger.ts";
import { readCborMap, toCbor } from "../private-cbor.ts";
import type { WalletAccount } from "../wallet/accounts.ts";
import type { ShopPayment } from "../wallet/shop-payments.ts";
import { type Bank, batchText, readField60, type TerminalState } from "./bank.ts";
import { isKnown } from "./checks.ts";
import { conclude, orderNumber } from "./code-payment.ts";
import { MOST_PRIVATE, malformed, type Question, type Reply } from "./question.ts";

const NO_SUCH = "25";
const DUPLICATE = "94";
const WRONG_BATCH = "77";

/** The money leaves the wallet, and waits for the shop's terminal. */
export function takeShopPayment(
  bank: Bank,
  terminal: TerminalState,
  account: WalletAccount,
  amount: number,
): ShopPayment {
  const { merchant, terminal: name } = terminal.entry;
  const { day, time } = bank.calendar.now();
  const order = orderNumber(bank);
  const shop = { account: unclaimedAccount(merchant), currency: CURRENCY, amount };
  const wallet = { account: account.name, currency: account.currency };
  bank.ledger.post(bank.calendar.elapsed, "shop payment", order, transfer(wallet, shop));
  const payment: ShopPayment = {
    number: bank.funds.nudge(name),
    order,
    terminal: name,
    merchant,
    account,
    amount,
    at: bank.calendar.elapsed,
    day,
    time,
    authorisationCode: bank.nextAuthorisationCode(),
    reference: bank.nextReference(),
    claimed: undefined,
  };
  bank.shopPayments.add(payment);
  return payment;
}

/** 970: what the terminal has not taken over yet, after a number, as much as fits. */
export function answerShopPayments({ bank, terminal, data }: Question): Reply {
  const after = readCborMap(data)?.get("after");
  if (typeof after !== "number" || !Number.isSafeInteger(after) || after < 0) return malformed;
  const waiting = bank.shopPayments.unclaimed(terminal.entry.terminal, after);
  for (let count = waiting.length; ; count -= 1) {
    const payments = waiting.slice(0, count).map(paymentMap);
    const bytes = toCbor({ payments, more: count < waiting.length });
    if (bytes.length <= MOST_PRIVATE) return { data: bytes };
  }
}

function paymentMap({ number, amount, order, account, day, time, authorisationCode, reference }: ShopPayment): object {
  const { network: wallet, payer } = account;
  return { number, amount, order, wallet, payer, date: day, time, authorisationCode, referenceNumber: reference };
}

/** 971: the terminal takes one over under its batch and STAN (field 11): from then on it is a sale like any other. */
export function answerClaim({ bank, terminal, fields, data }: Question): Reply {
  const number = readCborMap(data)?.get("number");
  const stan = fields[11];
  const { batch } = readField60(fields);
  if (typeof number !== "number" || stan === undefined) return malformed;
  const { terminal: name, merchant } = terminal.entry;
  const key = recordKey(name, batch, stan);
  const payment = bank.shopPayments.find(name, number);
  if (payment === undefined) return { code: NO_SUCH };
  if (payment.claimed === key) return {};
  if (payment.claimed !== undefined || isKnown(bank, key)) return { code: DUPLICATE };
  if (batch !== batchText(terminal.batch)) return { code: WRONG_BATCH };
  const { account, amount, order, day, reference, authorisationCode } = payment;
  const waiting = { account: unclaimedAccount(merchant), currency: CURRENCY, amount };
  const wallet = { account: account.name, currency: account.currency };
  bank.ledger.post(bank.calendar.elapsed, "claim", key, inverse(transfer(wallet, waiting)));
  bank.shopPayments.claim(payment, key);
  const sale = {
    ...{
      key,
      number: order,
      terminal: name,
      merchant,
      batch,
      stan,
      amount,
      currency: CURRENCY,
      account,
      day,
      tries: 0,
    },
    ...{ at: bank.calendar.elapsed, announced: true, state: "pending" as const, waitingFor: undefined },
  };
  bank.orders.add(sale);
  conclude(bank, sale, "00", { reference, authorisationCode });
  return {};
}
