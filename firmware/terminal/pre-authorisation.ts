import type { OriginalTransaction, Transaction } from "../journal/types.ts";
import { askForOrder } from "./asking.ts";
import { IdentifiedCard } from "./card/identified-card.ts";
import type { PresentedCard } from "./card/presented.ts";
import { refuseExpired } from "./expiry.ts";
import { type Held, serveCustomer } from "./held.ts";
import { askNumber, isMonthDay } from "./number-entry.ts";
import { allow } from "./operator/authority.ts";
import { confirmOriginal, originalOf, refuseOtherCard, refuseUsed, refuseWaiting } from "./original.ts";
import { readCard } from "./present-card.ts";
import type { Services } from "./services.ts";
import { tellOrder } from "./telling.ts";
import { Till } from "./till.ts";

/** What may be taken of a reservation, in per cent (UnionPay's rule). */
const mostPerCent = 115;

/** Reserves an amount that is known later: a hotel, a deposit. */
export function preAuthorise(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    const till = new Till(services, { operation: "preAuthorisation" });
    const amount = await till.ask();
    const card = await readCard(services, till);
    held.card = card;
    refuseExpired(services, card.identity);
    return askForOrder(services, held, card, { type: "preAuthorisation", amount });
  });
}

/** Takes what was used of a reservation, with the host's word. */
export function complete(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    const { original, card, amount } = await useReservation(services, held, "completion");
    return askForOrder(services, held, card, { type: "completion", amount, original });
  });
}

/** Takes what was used of a reservation; the host is told and has no say. */
export function completeByAdvice(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    const { original, card, amount } = await useReservation(services, held, "completionAdvice");
    return tellOrder(services, held, card, { type: "completionAdvice", amount, original });
  });
}

/** Gives a reservation up; all of it. */
export function voidPreAuthorisation(services: Services): Promise<Transaction | undefined> {
  return serveCustomer(services, async (held) => {
    await allow(services, "voidPreAuthorisation");
    const { original, card, amount } = await useReservation(services, held, "voidPreAuthorisation");
    return askForOrder(services, held, card, { type: "voidPreAuthorisation", amount, original });
  });
}

type Use = "completion" | "completionAdvice" | "voidPreAuthorisation";

interface Reservation {
  readonly original: OriginalTransaction;
  /** Absent when it was made elsewhere, or in a batch that is closed: then the host alone knows it. */
  readonly known?: Transaction;
}

/** The reservation by its authorisation code, the amount of this use, and the card. */
async function useReservation(
  services: Services,
  held: Held,
  use: Use,
): Promise<{ readonly original: OriginalTransaction; readonly card: PresentedCard; readonly amount: number }> {
  const { original, known } = await findReservation(services, use);
  const till = tillFor(services, use, known);
  const amount = till.amount ?? (await till.ask());
  const card = new IdentifiedCard(
    await readCard(services, till),
    services.parameters.voidPin && use !== "completionAdvice",
  );
  held.card = card;
  if (known !== undefined) {
    refuseOtherCard(services, card, known);
  }
  return { original, card, amount };
}

function tillFor(services: Services, use: Use, known: Transaction | undefined): Till {
  if (known === undefined) {
    return new Till(services, { operation: use });
  }
  return use === "voidPreAuthorisation"
    ? new Till(services, { operation: use, amount: known.amount })
    : new Till(services, { operation: use, limit: Math.floor((known.amount * mostPerCent) / 100) });
}

async function findReservation(services: Services, use: Use): Promise<Reservation> {
  const authorisationCode = await askNumber(services, { what: "authorisation", operation: use, least: 6, most: 6 });
  const known = await services.journal.find({ types: ["preAuthorisation"], authorisationCode });
  if (known !== undefined) {
    refuseUsed(known, use);
    await refuseWaiting(services, known);
    await confirmOriginal(services, use, known);
    return { original: originalOf(services, known), known };
  }
  const date = await askNumber(services, { what: "date", operation: use, least: 4, most: 4, isGood: isMonthDay });
  return { original: { batch: 0, stan: 0, date, amount: 0, authorisationCode } };
}
