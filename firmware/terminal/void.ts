import type { Transaction } from "../journal/types.ts";
import { askForOrder } from "./asking.ts";
import { serveCustomer } from "./held.ts";
import { allow } from "./operator/authority.ts";
import { cardOfOriginal, chooseOriginal, originalOf } from "./original.ts";
import type { Services } from "./services.ts";

/** Takes a sale of this batch back. */
export function voidSale(services: Services): Promise<Transaction | undefined> {
  return takeBack(services, "voidSale", "sale");
}

/** Takes the completion of a pre-authorisation back; the pre-authorisation holds again. */
export function voidCompletion(services: Services): Promise<Transaction | undefined> {
  return takeBack(services, "voidCompletion", "completion");
}

/** Supervisor, voucher number, a look at it, the card again, the host. */
function takeBack(
  services: Services,
  type: "voidSale" | "voidCompletion",
  of: "sale" | "completion",
): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, type);
    const original = await chooseOriginal(services, type, [of]);
    const card = await cardOfOriginal(services, held, type, original);
    return askForOrder(services, held, card, {
      type,
      amount: original.amount,
      original: originalOf(services, original),
      ...(original.order === undefined ? {} : { order: original.order }),
    });
  });
}
