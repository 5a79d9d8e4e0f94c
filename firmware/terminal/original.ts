import { monthDay } from "../acquirer/dialect/values.ts";
import { panOf } from "../acquirer/reversal.ts";
import { equal, wipe } from "../codec/bytes.ts";
import { canBeChanged } from "../journal/originals.ts";
import type { OriginalTransaction, Transaction, TransactionType } from "../journal/types.ts";
import { CodeBearer } from "./card/code-bearer.ts";
import { IdentifiedCard } from "./card/identified-card.ts";
import { maskPan } from "./card/identity.ts";
import { NumberCard } from "./card/number-card.ts";
import type { PresentedCard } from "./card/presented.ts";
import { detailsOf } from "./details.ts";
import type { Held } from "./held.ts";
import { askNumber, isOrderNumber } from "./number-entry.ts";
import { readCard } from "./present-card.ts";
import type { Services } from "./services.ts";
import { Till } from "./till.ts";
import { UserError } from "./user-error.ts";

/** How long a transaction is looked at, in milliseconds. */
const patience = 60_000;

/**
 * Has a voucher number typed, finds the transaction in the journal and has it confirmed. Throws `UserError` when there is
 * none of these types, when it cannot be changed any more, or when the merchant does not want it after all.
 * @param by what will change it
 * @param types what it may be
 */
export async function chooseOriginal(
  services: Services,
  by: TransactionType,
  types: readonly TransactionType[],
): Promise<Transaction> {
  const scan = by === "voidSale";
  const voucher = await askNumber(services, { what: "voucher", operation: by, least: 1, most: 6, scan });
  const number = isOrderNumber(voucher) ? { order: voucher } : { stan: Number(voucher) };
  const found = await services.journal.find({ ...number, types });
  if (found === undefined) {
    throw new UserError({ id: "no-original", reason: "unknown" });
  }
  if (found.entryMode === "code" && by !== "voidSale") {
    throw new UserError({ id: "no-original", reason: "byCode" });
  }
  refuseUsed(found, by);
  await refuseWaiting(services, found);
  // What has been given back of it once, in part or whole, is given back or changed no other way.
  if ((await refundedOf(services, found)) > 0) {
    throw new UserError({ id: "no-original", reason: "used" });
  }
  await confirmOriginal(services, by, found);
  return found;
}

/** Throws `UserError` for a transaction that another one changes or uses up of which the host has still to be told. */
export async function refuseWaiting({ journal }: Pick<Services, "journal">, found: Transaction): Promise<void> {
  for (const id of await journal.owed()) {
    const waiting = await journal.find({ id });
    if (waiting?.original?.id === found.id) throw new UserError({ id: "no-original", reason: "unsent" });
  }
}

/** What of a payment has been given back, or is about to be, in minor units. */
export async function refundedOf({ journal }: Pick<Services, "journal">, payment: Transaction): Promise<number> {
  let sum = 0;
  // Most batches have none, and what is not settled yet was refunded in its own: the journal need not be gone through.
  const isClosed = payment.state === "settled";
  if (!isClosed && !(await journal.totals()).some(({ type }) => type === "refund")) return sum;
  await journal.each(
    ({ state, original, amount }) => {
      if (original?.id === payment.id && state !== "declined" && state !== "cancelled") sum += amount;
      return undefined;
    },
    { types: ["refund"] },
  );
  return sum;
}

/** What may also be done to a transaction whose batch is closed; the host decides. */
const afterwards: readonly TransactionType[] = Object.freeze([
  "refund",
  "completion",
  "completionAdvice",
  "voidPreAuthorisation",
]);

/** States in which there is money that can be given back. */
const refundable: readonly string[] = Object.freeze(["confirmed", "receipted", "acknowledged", "uploaded"]);

/** Why the merchant cannot have it: the rest is that it was taken back, changed or used up, or never came off. */
const reasons: Readonly<Record<string, "unsent" | "settled">> = Object.freeze({
  queued: "unsent",
  sent: "unsent",
  uploading: "unsent",
  offlineApproved: "unsent",
  settled: "settled",
});

/** Throws `UserError` for a transaction that this cannot be done to any more, or not yet. */
export function refuseUsed({ state }: Transaction, by: TransactionType): void {
  if (state === "settled" && afterwards.includes(by)) {
    return;
  }
  if (by === "refund" ? !refundable.includes(state) : !canBeChanged(state, by)) {
    throw new UserError({ id: "no-original", reason: reasons[state] ?? "used" });
  }
}

/** Shows what is about to be changed. Throws `UserError` unless it is confirmed with ENTER. */
export async function confirmOriginal(services: Services, by: TransactionType, original: Transaction): Promise<void> {
  const { screen, peripherals } = services;
  await screen.show({ id: "detail", action: by, ...detailsOf(services, original) });
  for (;;) {
    const key = await peripherals.key(patience);
    if (key === "ENTER") {
      return;
    }
    if (key === "CANCEL" || key === undefined) {
      throw new UserError({ id: "cancelled", by: key === undefined ? "timeout" : "merchant" });
    }
  }
}

/** The earlier transaction as the later one names it. */
export function originalOf({ parameters }: Pick<Services, "parameters">, original: Transaction): OriginalTransaction {
  const { id, batch, stan, amount, hostDate, startedAt, authorisationCode, referenceNumber } = original;
  return {
    id,
    batch,
    stan,
    amount,
    date: hostDate ?? monthDay(startedAt, parameters.utcOffsetMinutes),
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(referenceNumber === undefined ? {} : { referenceNumber }),
  };
}

/**
 * The card that an earlier transaction was paid with: a wallet is not asked for; a card is presented again, or where the parameters do not ask for that, as the
 * journal knows it. Throws `UserError` for another card.
 */
export async function cardOfOriginal(
  services: Services,
  held: Held,
  by: TransactionType,
  original: Transaction,
): Promise<PresentedCard> {
  if (original.entryMode === "code") {
    held.card = CodeBearer.ofTransaction(services.vault, original);
    return held.card;
  }
  const { voidCard, voidPin } = services.parameters;
  if (!voidCard) {
    held.card = NumberCard.ofTransaction(services.vault, original);
    return held.card;
  }
  const till = new Till(services, { operation: by, amount: original.amount });
  const card = new IdentifiedCard(await readCard(services, till), voidPin);
  held.card = card;
  refuseOtherCard(services, card, original);
  return card;
}

/** Throws `UserError` unless it is the card of that transaction. */
export function refuseOtherCard(services: Pick<Services, "vault">, card: PresentedCard, original: Transaction): void {
  const { pan } = card.identity;
  const known = panOf(services, original); // without it what is left of the number has to do
  const isSame = known === undefined ? maskPan(pan) === original.maskedPan : equal(known, pan);
  if (known !== undefined) {
    wipe(known);
  }
  if (!isSame) {
    throw new UserError({ id: "no-original", reason: "otherCard" });
  }
}
