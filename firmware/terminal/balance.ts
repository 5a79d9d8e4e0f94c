import type { BalanceOutcome } from "../acquirer/types.ts";
import { FormatError } from "../codec/errors.ts";
import type { HostVerdict } from "../emv/completion.ts";
import { CardError } from "../emv/errors.ts";
import { cardDataOf } from "./asking.ts";
import { groupedPan, maskPan } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { refuseExpired } from "./expiry.ts";
import { serveCustomer } from "./held.ts";
import { makeHostReady } from "./host-ready.ts";
import { offline } from "./offline.ts";
import { PinEntry } from "./pin-entry.ts";
import { readCard } from "./present-card.ts";
import { showResult } from "./results.ts";
import { money, type Services } from "./services.ts";
import { Till } from "./till.ts";
import { UserError } from "./user-error.ts";

/** How long a balance stands, in milliseconds: its holder is to read it, the next customer is not. */
const readingTime = 15_000;

/** Shows a cardholder what the card may spend. Nothing moves, nothing is kept, nothing is printed. */
export async function showBalance(services: Services): Promise<void> {
  await serveCustomer(services, async (held) => {
    const till = new Till(services, { operation: "balance", amount: 0 });
    const card = await readCard(services, till);
    held.card = card;
    refuseExpired(services, card.identity);
    await makeHostReady(services, held.later);
    const pin = new PinEntry(services, card, { operation: "balance" });
    held.pin = pin;
    await card.verifyHolder(pin.ask, pin.askForCard);
    const stan = await services.journal.nextStan();
    if ((await card.decide({ stan })) === "declined") {
      throw new UserError({ id: "declined" });
    }
    await services.screen.show({ id: "processing", stage: "authorising", keepCard: card.staysIn });
    const outcome = await services.acquirer.askBalance(stan, cardDataOf(card), pin.block);
    await tellCard(card, outcome);
    await tellHolder(services, card, outcome);
    return undefined;
  });
}

async function tellHolder(services: Services, card: PresentedCard, outcome: BalanceOutcome): Promise<void> {
  switch (outcome.kind) {
    case "told":
      return showResult(
        services,
        { id: "balance", amount: money(services, outcome.amount), pan: groupedPan(maskPan(card.identity.pan)) },
        readingTime,
      );
    case "declined":
      return showResult(services, { id: "declined", code: outcome.responseCode });
    case "noAnswer":
      throw offline(services);
    case "mismatch":
      throw new UserError({ id: "error", detail: "balance" });
  }
}

/** The card's last word changes nothing: no money is at stake. */
async function tellCard(card: PresentedCard, outcome: BalanceOutcome): Promise<void> {
  try {
    await card.complete(verdictOf(outcome));
  } catch (error) {
    if (!(error instanceof CardError || error instanceof FormatError)) {
      throw error;
    }
  }
}

function verdictOf(outcome: BalanceOutcome): HostVerdict {
  switch (outcome.kind) {
    case "told":
    case "declined": {
      const chip = outcome.chipData === undefined ? {} : { chipData: outcome.chipData };
      const responseCode = outcome.kind === "told" ? "00" : outcome.responseCode;
      return { kind: "answered", approved: outcome.kind === "told", responseCode, ...chip };
    }
    default:
      return { kind: "unable" };
  }
}
