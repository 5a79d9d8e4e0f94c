import type { OriginalTransaction, Transaction, TransactionType } from "../journal/types.ts";
import { IdentifiedCard } from "./card/identified-card.ts";
import { serveCustomer } from "./held.ts";
import { makeHostReady } from "./host-ready.ts";
import { askNumber, isMonthDay } from "./number-entry.ts";
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

/**
 * Gives the money of a sale back, or a part of it: of this batch, of an earlier one, of another terminal of the shop.
 * Supervisor, the sale by its reference number, amount, card, host. The host has to be there: what it does not agree to
 * is not given back.
 */
export function refund(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, "refund");
    const { original, known } = await findPayment(services);
    const left = known === undefined ? undefined : known.amount - (await refundedOf(services, known));
    if (left === 0) {
      throw new UserError({ id: "no-original", reason: "used" });
    }
    const till = new Till(services, { operation: "refund", ...(left === undefined ? {} : { limit: left }) });
    const amount = await till.ask();
    const card = new IdentifiedCard(await readCard(services, till), false);
    held.card = card;
    if (known !== undefined) {
      refuseOtherCard(services, card, known);
    }
    await makeHostReady(services, held.later);
    return tellOrder(services, held, card, { type: "refund", amount, original });
  });
}

async function findPayment(
  services: Services,
): Promise<{ readonly original: OriginalTransaction; readonly known?: Transaction }> {
  const referenceNumber = await askNumber(services, { what: "reference", operation: "refund", least: 12, most: 12 });
  const known = await services.journal.find({ types: refundable, referenceNumber });
  if (known !== undefined) {
    refuseUsed(known, "refund");
    await confirmOriginal(services, "refund", known);
    return { original: originalOf(services, known), known };
  }
  const date = await askNumber(services, { what: "date", operation: "refund", least: 4, most: 4, isGood: isMonthDay });
  return { original: { batch: 0, stan: 0, date, amount: 0, referenceNumber } };
}
