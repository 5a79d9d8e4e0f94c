import { approvalChanges } from "../acquirer/outcome.ts";
import type { AuthorisationOutcome } from "../acquirer/types.ts";
import { FormatError } from "../codec/errors.ts";
import type { HostVerdict } from "../emv/completion.ts";
import { CardError } from "../emv/errors.ts";
import type { ReversalReason, Transaction, TransactionChanges } from "../journal/types.ts";
import type { Money } from "../screen/money.ts";
import type { Screen } from "../screen/screens.ts";
import { finishApproval, newsTime } from "./approval.ts";
import { summaryOf } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { offline } from "./offline.ts";
import { showResult, takeCard } from "./results.ts";
import { reverseWhatIsOwed, tellReversal } from "./reversal.ts";
import { money, type Services } from "./services.ts";

type Approval = Extract<AuthorisationOutcome, { kind: "approved" }>;
/** What is final: a payment that its customer has still to confirm is waited for before. */
export type FinalOutcome = Exclude<AuthorisationOutcome, { kind: "pending" }>;

/** What the host's answer, or its silence, makes of a transaction that is `authorising`. Shows how it ended. */
export async function settle(
  services: Services,
  transaction: Transaction,
  card: PresentedCard,
  outcome: FinalOutcome,
): Promise<Transaction> {
  const amount = money(services, transaction.amount);
  switch (outcome.kind) {
    case "approved":
      return settleApproval(services, transaction, card, outcome);
    case "declined": {
      const { responseCode, referenceNumber } = outcome;
      const declined = await services.journal.advance(transaction, "declined", {
        responseCode,
        ...(referenceNumber === undefined ? {} : { referenceNumber }),
      });
      await tellCard(services, card, { kind: "answered", approved: false, ...answerOf(outcome) });
      const noted = await noteScripts(services, declined, card);
      card.close();
      await showResult(services, { id: "declined", amount, code: responseCode, ...takeCard(services) });
      return noted;
    }
    case "mismatch":
      return giveBack(
        services,
        transaction,
        card,
        "unknown",
        outcome.reversalReason,
        misfitScreen(services, amount, outcome),
      );
    case "noAnswer":
      if (outcome.sent) {
        // of a payment by code the host was asked already: it was not paid, and is closed now
        const wasAsked = transaction.entryMode === "code" && transaction.type === "sale";
        const news: Screen | undefined = wasAsked ? undefined : { id: "no-answer", amount };
        return giveBack(services, transaction, card, "unknown", "98", news);
      }
      return settleUnreachable(services, transaction, card);
  }
}

/** An approval that fits: the merchant may refuse it, the card has its last word, and then the receipts are printed. */
async function settleApproval(
  services: Services,
  authorising: Transaction,
  card: PresentedCard,
  approval: Approval,
): Promise<Transaction> {
  const { journal, parameters, screen } = services;
  const amount = money(services, authorising.amount);
  const approved = await journal.advance(authorising, "approved", approvalChanges(approval));
  const { authorisationCode } = approval;
  if (parameters.confirmApproval === "manual") {
    const shown = card.entryMode === "code" ? {} : { card: summaryOf(card.identity) };
    await screen.show({ id: "confirm-approval", amount, authorisationCode, ...shown });
    if (!(await merchantAccepts(services))) {
      return giveBack(services, approved, card, "refused", "06", { id: "refused", amount, by: "merchant" });
    }
  }
  const word = await tellCard(services, card, { kind: "answered", approved: true, ...answerOf(approval) });
  if (word !== "agreed") {
    const noted = await noteScripts(services, approved, card);
    return giveBack(services, noted, undefined, "refused", "06", { id: "refused", amount, by: "card" });
  }
  const confirmed = await journal.advance(approved, "confirmed", chipChanges(card));
  card.close();
  return finishApproval(services, confirmed);
}

/** Nothing was sent: a card that may do without the host has the last word (EMV 4.3 Book 4, 12.2.1), no other has. */
async function settleUnreachable(
  services: Services,
  transaction: Transaction,
  card: PresentedCard,
): Promise<Transaction> {
  const { journal } = services;
  if (card.mayApproveAlone && (await tellCard(services, card, { kind: "unreachable" })) === "agreed") {
    const chipData = card.chipData();
    const changes = { ...chipChanges(card), ...(chipData === undefined ? {} : { chipData }) };
    const approved = await journal.advance(transaction, "offlineApproved", changes);
    card.close();
    return finishApproval(services, approved);
  }
  await journal.advance(transaction, "cancelled");
  if (!card.mayApproveAlone) {
    await tellCard(services, card, { kind: "unreachable" });
  }
  throw offline(services);
}

/** What was wrong with an answer; of another amount both are shown. */
function misfitScreen(
  services: Services,
  asked: Money,
  { answeredAmount }: Extract<AuthorisationOutcome, { kind: "mismatch" }>,
): Screen {
  return answeredAmount === undefined
    ? { id: "refused", amount: asked, by: "answer" }
    : { id: "amount-mismatch", asked, answered: money(services, answeredAmount) };
}

/**
 * The money goes back: the journal owes a reversal from here on, and one is tried at once. The card, where it still has
 * to hear of it, gets the bad news first.
 */
async function giveBack(
  services: Services,
  transaction: Transaction,
  card: PresentedCard | undefined,
  state: "unknown" | "refused",
  reversalReason: ReversalReason,
  news?: Screen,
): Promise<Transaction> {
  const { journal } = services;
  const owed = await journal.advance(transaction, state, { reversalReason });
  if (card !== undefined) {
    await tellCard(services, card, { kind: "unable" });
  }
  if (news !== undefined) await showResult(services, news, newsTime);
  const reversing = await journal.advance(owed, "reversing");
  for (const reversal of await reverseWhatIsOwed(services)) {
    await tellReversal(services, reversal);
  }
  return (await journal.last()) ?? reversing;
}

/** The card's last word; a card that is gone, silent or talks rubbish has not agreed. */
async function tellCard(services: Services, card: PresentedCard, verdict: HostVerdict): Promise<"agreed" | "refused"> {
  if (card.staysIn) {
    await services.screen.show({ id: "processing", stage: "finishing", keepCard: true });
  }
  try {
    return await card.complete(verdict);
  } catch (error) {
    if (error instanceof CardError || error instanceof FormatError) {
      return "refused";
    }
    throw error;
  }
}

async function merchantAccepts(services: Services): Promise<boolean> {
  for (;;) {
    const key = await services.peripherals.key();
    if (key === "ENTER" || key === "CANCEL") {
      return key === "ENTER";
    }
  }
}

function answerOf(outcome: Extract<AuthorisationOutcome, { kind: "approved" | "declined" }>): {
  readonly responseCode: string;
  readonly chipData?: Uint8Array;
} {
  const { responseCode, chipData } = outcome;
  return chipData === undefined ? { responseCode } : { responseCode, chipData };
}

/** The host is owed the word on its issuer's scripts also where nothing came of the transaction. */
async function noteScripts(services: Services, transaction: Transaction, card: PresentedCard): Promise<Transaction> {
  const scriptNotice = card.scriptNotice?.();
  return scriptNotice === undefined ? transaction : services.journal.note(transaction, { scriptNotice });
}

function chipChanges(card: PresentedCard): TransactionChanges {
  const chip = card.summary();
  const scriptNotice = card.scriptNotice?.();
  return {
    ...(chip === undefined ? {} : { chip }),
    ...(scriptNotice === undefined ? {} : { scriptNotice }),
  };
}
