import { recover } from "../acquirer/recovery.ts";
import type { Transaction } from "../journal/types.ts";
import type { Screen } from "../screen/screens.ts";
import { money, type Services } from "./services.ts";

/**
 * Ends what is in doubt: what was never sent is cancelled, what may have moved money is reversed, oldest first. Each
 * reversal is tried once; without an answer it is owed on.
 * @returns a screen for each transaction that had its end, in their order; `no-answer` comes last and says that
 *   something is still owed
 */
export async function reverseWhatIsOwed(
  services: Pick<Services, "journal" | "acquirer" | "screen" | "currency">,
): Promise<Screen[]> {
  const { journal, acquirer, screen } = services;
  const oldest = (await journal.inDoubt()).find((transaction) => transaction.state !== "opened");
  if (oldest !== undefined) {
    await screen.show({ id: "reversing", amount: money(services, oldest.amount) });
  }
  const recovery = await recover(journal, acquirer);
  const amountOf = (transaction: Transaction) => money(services, transaction.amount);
  return [
    ...recovery.reversed.map((transaction): Screen => ({ id: "reversed", amount: amountOf(transaction) })),
    ...recovery.disputed.map((transaction): Screen => {
      const voucher = String(transaction.stan).padStart(6, "0");
      return { id: "disputed", amount: amountOf(transaction), voucher };
    }),
    ...(recovery.unanswered === undefined
      ? []
      : [{ id: "no-answer", amount: amountOf(recovery.unanswered) } satisfies Screen]),
  ];
}
