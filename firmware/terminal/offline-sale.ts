import type { Transaction } from "../journal/types.ts";
import { IdentifiedCard } from "./card/identified-card.ts";
import { NumberCard } from "./card/number-card.ts";
import { refuseExpired } from "./expiry.ts";
import { serveCustomer } from "./held.ts";
import { askNumber } from "./number-entry.ts";
import { allow } from "./operator/authority.ts";
import { chooseOriginal, originalOf } from "./original.ts";
import { readCard } from "./present-card.ts";
import type { Services } from "./services.ts";
import { tellOrder } from "./telling.ts";
import { Till } from "./till.ts";

/**
 * A sale that the bank authorised by telephone, because the line is down: its code is typed, and the host is told as soon
 * as it answers. A supervisor stands for the call.
 */
export function offlineSale(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, "offlineSale");
    const till = new Till(services, { operation: "offlineSale" });
    const amount = await till.ask();
    const card = new IdentifiedCard(await readCard(services, till), false);
    held.card = card;
    refuseExpired(services, card.identity);
    const authorisationCode = await askNumber(services, {
      what: "authorisation",
      operation: "offlineSale",
      least: 6,
      most: 6,
    });
    return tellOrder(services, held, card, { type: "offlineSale", amount }, { authorisationCode });
  });
}

/** Corrects the amount of an offline sale that the host has already been told of. */
export function adjustOfflineSale(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, "adjustment");
    const original = await chooseOriginal(services, "adjustment", ["offlineSale"]);
    const amount = await new Till(services, { operation: "adjustment" }).ask();
    const card = NumberCard.ofTransaction(services.vault, original);
    held.card = card;
    return tellOrder(services, held, card, { type: "adjustment", amount, original: originalOf(services, original) });
  });
}
