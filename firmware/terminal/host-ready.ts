import { recoveries } from "../journal/states.ts";
import type { Transaction } from "../journal/types.ts";
import { showResult } from "./results.ts";
import { reverseTransaction } from "./reversal.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the news of an old reversal stands, in milliseconds. */
const newsTime = 2_000;

/** Has session keys from the host, or throws `UserError`. */
export async function signInIfNeeded(services: Services): Promise<void> {
  const { acquirer, screen } = services;
  if (acquirer.signedIn) {
    return;
  }
  screen.show({ id: "sign-in" });
  const outcome = await acquirer.signIn();
  switch (outcome.kind) {
    case "signedIn":
      return;
    case "noAnswer":
      throw new UserError({ id: "offline" });
    case "refused":
      throw new UserError({ id: "error", detail: `sign-in ${outcome.responseCode}` });
    case "mismatch":
      throw new UserError({ id: "error", detail: "sign-in" });
  }
}

/**
 * Brings every unfinished transaction to the state that the recovery table names: nothing was sent, so it is cancelled;
 * money may have moved, so a reversal is owed. Only writes to the journal.
 * @returns those whose reversal is owed, oldest first
 */
export function settleUnfinished(services: Pick<Services, "journal">): Transaction[] {
  const { journal } = services;
  const owed: Transaction[] = [];
  for (const transaction of journal.inDoubt()) {
    const target = recoveries[transaction.type][transaction.state];
    if (target === "cancelled") {
      journal.advance(transaction, "cancelled");
    } else if (target === "reversing") {
      const reason = transaction.reversalReason ?? "98";
      owed.push(
        transaction.state === "reversing"
          ? transaction
          : journal.advance(transaction, "reversing", { reversalReason: reason }),
      );
    }
  }
  return owed;
}

/**
 * Sends the reversals that are owed. Throws `UserError` when one stays unanswered: until the host has confirmed it
 * nothing new is authorised.
 */
export async function sendOwedReversals(services: Services): Promise<void> {
  for (const transaction of settleUnfinished(services)) {
    const screen = await reverseTransaction(services, transaction);
    if (screen.id === "no-answer") {
      throw new UserError(screen);
    }
    await showResult(services, screen, newsTime);
  }
}

/** What must be so before a new request for money: no reversal is owed, and there are session keys. */
export async function makeHostReady(services: Services): Promise<void> {
  await sendOwedReversals(services);
  await signInIfNeeded(services);
}
