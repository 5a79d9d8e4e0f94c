import type { Transaction } from "../journal/types.ts";
import type { ScreenOf } from "../screen/screens.ts";
import { money, type Services } from "./services.ts";

/** How a reversal ended, as a screen. */
export type ReversalScreen = ScreenOf<"reversed"> | ScreenOf<"disputed"> | ScreenOf<"no-answer">;

/**
 * Tries once to have the host reverse a transaction that is `reversing` in the journal, signing in first where the
 * session keys are gone. Without an answer it stays `reversing` and is tried again before the next sale.
 * @returns the screen that says how it ended; nothing but "reversing" is shown meanwhile
 */
export async function reverseTransaction(services: Services, transaction: Transaction): Promise<ReversalScreen> {
  const { acquirer, journal, screen } = services;
  const amount = money(services, transaction.amount);
  screen.show({ id: "reversing", amount });
  if (!acquirer.signedIn && (await acquirer.signIn()).kind !== "signedIn") {
    return { id: "no-answer", amount };
  }
  const outcome = await acquirer.reverse(transaction);
  switch (outcome.kind) {
    case "reversed":
      journal.advance(transaction, "reversed", { responseCode: outcome.responseCode });
      return { id: "reversed", amount };
    case "disputed":
      journal.advance(transaction, "disputed", { responseCode: outcome.responseCode });
      return { id: "disputed", amount, voucher: String(transaction.stan).padStart(6, "0") };
    case "noAnswer":
      return { id: "no-answer", amount };
  }
}
