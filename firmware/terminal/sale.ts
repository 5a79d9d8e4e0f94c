import type { KeyName } from "../../hal/keypad.ts";
import type { Transaction } from "../journal/types.ts";
import { askForOrder } from "./asking.ts";
import { summaryOf } from "./card/identity.ts";
import { refuseExpired } from "./expiry.ts";
import { serveCustomer } from "./held.ts";
import type { Happening } from "./peripherals/peripherals.ts";
import { readCard } from "./present-card.ts";
import type { Services } from "./services.ts";
import { Till } from "./till.ts";

/** How a sale starts at the idle screen: with a digit of the amount, or with a card. */
export type SaleStart =
  | { readonly kind: "digit"; readonly key: KeyName }
  | { readonly kind: "card"; readonly card: Happening };

/** One sale, from its first digit or its card to its receipts. */
export function sale(services: Services, start: SaleStart): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    const till = new Till(services, { operation: "sale" });
    till.takesCodes = services.parameters.codePayments !== false;
    if (start.kind === "digit") {
      await till.ask(undefined, undefined, start.key);
    }
    const card = await readCard(services, till, start.kind === "card" ? start.card : undefined);
    held.card = card;
    const amount = till.amount ?? (await till.ask(summaryOf(card.identity)));
    refuseExpired(services, card.identity);
    return askForOrder(services, held, card, { type: "sale", amount });
  });
}
