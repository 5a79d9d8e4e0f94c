import { recover } from "../acquirer/recovery.ts";
import type { Transaction } from "../journal/types.ts";
import type { Screen } from "../screen/screens.ts";
import { approvalScreen, finishApproval } from "./approval.ts";
import { isReversalRefused, printDispute } from "./receipts.ts";
import { showResult } from "./results.ts";
import { money, type Services } from "./services.ts";

/** How a reversal ended, or that it has not. */
export interface ReversalNews {
  readonly screen: Screen;
  /** The host has refused to reverse it: it goes to paper as well. */
  readonly disputed?: Transaction;
  /** A payment by code of which the host says that it was paid: it stands, and is printed. */
  readonly paid?: Transaction;
}

/**
 * Ends what is in doubt: what was never sent is cancelled, what may have moved money is reversed, oldest first; a payment by code
 * stands where the host says that it was paid. Each reversal is tried once; without an answer it is owed on.
 * @returns the news of each transaction that had its end, in their order; `no-answer` comes last and says that
 *   something is still owed
 */
export async function reverseWhatIsOwed(services: Services): Promise<ReversalNews[]> {
  const { journal, acquirer, screen, parameters } = services;
  const amountOf = (transaction: Transaction) => money(services, transaction.amount);
  const recovery = await recover(journal, acquirer, {
    merchantConfirms: parameters.confirmApproval === "manual",
    onOwed: (oldest) =>
      screen.show({
        ...(oldest.state === "reversing" ? { id: "reversing" } : { id: "processing", stage: "telling" }),
        amount: amountOf(oldest),
      }),
  });
  return [
    ...recovery.reversed.map(
      (transaction): ReversalNews => ({
        screen: { id: "reversed", operation: transaction.type, amount: amountOf(transaction) },
      }),
    ),
    ...recovery.paid.map((paid): ReversalNews => ({ screen: approvalScreen(services, paid), paid })),
    ...recovery.disputed.map((disputed) => disputeNews(services, disputed)),
    ...(recovery.unanswered === undefined
      ? []
      : [{ screen: { id: "no-answer", amount: amountOf(recovery.unanswered) } } satisfies ReversalNews]),
  ];
}

/** The news that the host refuses what the terminal holds to have been paid, or to have to go back. */
export function disputeNews(services: Services, disputed: Transaction): ReversalNews {
  const voucher = String(disputed.stan).padStart(6, "0");
  const refused = isReversalRefused(disputed) ? "reversal" : "payment";
  return { screen: { id: "disputed", amount: money(services, disputed.amount), voucher, refused }, disputed };
}

/** Shows the news for so many milliseconds; a dispute is printed, too. */
export async function tellReversal(services: Services, news: ReversalNews, milliseconds?: number): Promise<void> {
  if (news.paid !== undefined) {
    await finishApproval(services, news.paid);
    return;
  }
  await showResult(services, news.screen, milliseconds);
  if (news.disputed !== undefined) {
    await printDispute(services, news.disputed);
  }
}
