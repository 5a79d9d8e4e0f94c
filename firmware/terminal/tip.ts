import type { Transaction } from "../journal/types.ts";
import { NumberCard } from "./card/number-card.ts";
import { serveCustomer } from "./held.ts";
import { chooseOriginal, originalOf } from "./original.ts";
import type { Services } from "./services.ts";
import { tellOrder } from "./telling.ts";
import { Till } from "./till.ts";

/** Adds the tip that a guest wrote on a slip: the slip's voucher number, the tip, and the host is told of the new total. */
export function addTip(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    const original = await chooseOriginal(services, "tip", ["sale", "offlineSale"]);
    const limit = Math.floor((original.amount * services.parameters.tipPercent) / 100);
    const tip = await new Till(services, { operation: "tip", limit }).ask();
    const card = NumberCard.ofTransaction(services.vault, original);
    held.card = card;
    return tellOrder(services, held, card, {
      type: "tip",
      amount: original.amount + tip,
      tip,
      original: originalOf(services, original),
    });
  });
}
