import { schemeOf } from "../acquirer/scheme.ts";
import { FormatError } from "../codec/errors.ts";
import type { FirstWord } from "../emv/contact.ts";
import { CardError } from "../emv/errors.ts";
import type { Transaction, TransactionChanges } from "../journal/types.ts";
import type { Order } from "./asking.ts";
import { maskPan } from "./card/identity.ts";
import type { HolderVerification, PresentedCard } from "./card/presented.ts";
import { operatorOf } from "./operator/duty.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** Writes the intent into the journal. Throws `JournalFullError`. */
export async function openTransaction(services: Services, card: PresentedCard, order: Order): Promise<Transaction> {
  const { journal, vault, clock, currency } = services;
  const { pan, expiry, panSequenceNumber } = card.identity;
  const maskedPan = maskPan(pan);
  const whose =
    pan.length === 0
      ? { ...(card.wallet === undefined ? {} : { scheme: card.wallet }) }
      : { maskedPan, scheme: schemeOf({ maskedPan }), panToken: vault.protectPan(pan), expiry };
  return journal.open({
    type: order.type,
    amount: order.amount,
    currency,
    entryMode: card.entryMode,
    ...whose,
    ...(panSequenceNumber === undefined ? {} : { panSequenceNumber }),
    ...(order.original === undefined ? {} : { original: order.original }),
    ...(order.tip === undefined ? {} : { tip: order.tip }),
    ...(order.order === undefined ? {} : { order: order.order }),
    ...(order.orderId === undefined ? {} : { orderId: order.orderId }),
    startedAt: clock.wall(),
    operator: operatorOf(services),
  });
}

/**
 * The card's first word on an opened transaction: when it wants the host to be asked the journal says `authorising`, and
 * the request may go out; when it approves by itself the journal says `offlineApproved`, and the money is the merchant's.
 * In every other case the journal says `cancelled`, nothing is sent, and the error says why. A word that the power took
 * away before it was written down is none: nobody was told.
 */
export async function firstWord(
  services: Services,
  card: PresentedCard,
  opened: Transaction,
  holder: HolderVerification,
): Promise<Transaction> {
  const { journal, screen } = services;
  const amount = money(services, opened.amount);
  if (card.staysIn) {
    await screen.show({ id: "processing", stage: "card", amount, keepCard: true });
  }
  let decision: FirstWord;
  try {
    decision = await card.decide(opened);
  } catch (error) {
    if (error instanceof CardError || error instanceof FormatError) {
      await journal.advance(opened, "cancelled");
    }
    throw error;
  }
  const known = changesOf(card, holder);
  if (decision === "declined") {
    await journal.advance(opened, "cancelled", known);
    throw new UserError({ id: "declined", amount });
  }
  return journal.advance(opened, decision === "approved" ? "offlineApproved" : "authorising", known);
}

function changesOf(card: PresentedCard, holder: HolderVerification): TransactionChanges {
  const chipData = card.chipData();
  const chip = card.summary();
  return {
    pinEntered: holder.pinEntered,
    signature: holder.signature,
    ...(holder.verifiedBy === undefined ? {} : { verifiedBy: holder.verifiedBy }),
    ...(chipData === undefined ? {} : { chipData }),
    ...(chip === undefined ? {} : { chip }),
  };
}
