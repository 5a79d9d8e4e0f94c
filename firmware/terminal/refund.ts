import type { OriginalTransaction, Transaction, TransactionType } from "../journal/types.ts";
import { CodeBearer } from "./card/code-bearer.ts";
import { IdentifiedCard } from "./card/identified-card.ts";
import type { PresentedCard } from "./card/presented.ts";
import { serveCustomer } from "./held.ts";
import { makeHostReady } from "./host-ready.ts";
import { askNumber, isMonthDay, isOrderNumber, longestOrderNumber } from "./number-entry.ts";
import { allow } from "./operator/authority.ts";
import { confirmOriginal, originalOf, refundedOf, refuseOtherCard, refuseUsed } from "./original.ts";
import { readCard } from "./present-card.ts";
import type { Services } from "./services.ts";
import { tellOrder } from "./telling.ts";
import { Till } from "./till.ts";
import { UserError } from "./user-error.ts";

/** What money can be given back of. */
const refundable: readonly TransactionType[] = Object.freeze([
  "sale",
  "completion",
  "completionAdvice",
  "offlineSale",
  "tip",
  "adjustment",
]);

/** Digits of a reference number, field 37. */
const referenceLength = 12;

/**
 * Gives the money of a sale back, or a part of it: of this batch, of an earlier one, of another terminal of the shop.
 * Supervisor, the sale by its reference number, amount, card, host. A payment by code is found by the wallet's number on its slip as well, scanned or typed, and
 * goes back to its wallet without a phone. The host has to be there: what it does not agree to is not given back.
 */
export function refund(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, "refund");
    const { original, known, order } = await findPayment(services);
    const left = known === undefined ? undefined : known.amount - (await refundedOf(services, known));
    if (left === 0) {
      throw new UserError({ id: "no-original", reason: "used" });
    }
    const till = new Till(services, { operation: "refund", ...(left === undefined ? {} : { limit: left }) });
    const amount = await till.ask();
    const card = await payerOf(services, till, known, order);
    held.card = card;
    await makeHostReady(services, held.later);
    const wanted = { type: "refund", amount, original, ...(order === undefined ? {} : { order }) } as const;
    return tellOrder(services, held, card, wanted, { signature: card.entryMode !== "code" });
  });
}

async function findPayment(
  services: Services,
): Promise<{ readonly original: OriginalTransaction; readonly known?: Transaction; readonly order?: string }> {
  const typed = await askNumber(services, {
    ...{ what: "reference", operation: "refund", least: referenceLength, most: longestOrderNumber, scan: true },
    isGood: (digits) => digits.length === referenceLength || isOrderNumber(digits),
  });
  const isOrder = isOrderNumber(typed);
  const number = isOrder ? { order: typed } : { referenceNumber: typed };
  const known = await services.journal.find({ types: refundable, ...number });
  if (known !== undefined) {
    refuseUsed(known, "refund");
    await confirmOriginal(services, "refund", known);
    const { order } = known;
    return { original: originalOf(services, known), known, ...(order === undefined ? {} : { order }) };
  }
  // a wallet's number begins with the day: YYYYMMDD
  if (isOrder) return { original: { batch: 0, stan: 0, date: typed.slice(4, 8), amount: 0 }, order: typed };
  const date = await askNumber(services, { what: "date", operation: "refund", least: 4, most: 4, isGood: isMonthDay });
  return { original: { batch: 0, stan: 0, date, amount: 0, referenceNumber: typed } };
}

/** Whose money it is: the card is presented, a wallet is known. */
async function payerOf(
  services: Services,
  till: Till,
  known: Transaction | undefined,
  order: string | undefined,
): Promise<PresentedCard> {
  if (known?.entryMode === "code") return CodeBearer.ofTransaction(services.vault, known);
  if (order !== undefined) return new CodeBearer();
  const card = new IdentifiedCard(await readCard(services, till), false);
  if (known !== undefined) {
    refuseOtherCard(services, card, known);
  }
  return card;
}
