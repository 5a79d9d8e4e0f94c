import type { Transaction, TransactionChanges } from "../journal/types.ts";
import { finishPromise, isPromise } from "./approval.ts";
import type { Order } from "./asking.ts";
import type { PresentedCard } from "./card/presented.ts";
import type { Held } from "./held.ts";
import { openTransaction } from "./intent.ts";
import { tellWhatIsOwed } from "./owed.ts";
import { showResult } from "./results.ts";
import { money, type Services } from "./services.ts";

/**
 * Decides a transaction here and tells the host: at once where it answers, else later and as often as it takes. What was
 * promised to the customer is on paper before that; what the host may still refuse is on paper when it has agreed.
 * @returns the transaction as the journal has it then
 */
export async function tellOrder(
  services: Services,
  held: Held,
  card: PresentedCard,
  order: Order,
  changes: TransactionChanges = {},
): Promise<Transaction> {
  const { journal } = services;
  const opened = await openTransaction(services, card, order);
  held.release();
  const queued = await journal.advance(opened, "queued", { pinEntered: false, signature: true, ...changes });
  const promised = isPromise(queued) ? await finishPromise(services, queued) : queued;
  await tellWhatIsOwed(services);
  const told = (await journal.find({ id: promised.id })) ?? promised;
  if (told.state === "queued" || told.state === "sent") {
    await showResult(services, { id: "stored", operation: told.type, amount: money(services, told.amount) });
  }
  return told;
}
