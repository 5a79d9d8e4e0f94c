import { recoveries } from "../journal/states.ts";
import type { JournalPort, Transaction } from "../journal/types.ts";
import type { Acquirer } from "./types.ts";

/**
 * What a recovery came to. `clear`: nothing is in doubt any more. `unanswered`: the host has not answered for this
 * transaction; nothing new may be authorised before it has.
 */
export interface Recovery {
  readonly kind: "clear" | "unanswered";
  readonly unanswered?: Transaction;
  /** In the order in which they ended. */
  readonly cancelled: readonly Transaction[];
  readonly reversed: readonly Transaction[];
  readonly disputed: readonly Transaction[];
}

/** A MAC that was wrong may mean that the host has other keys by now: after a new sign-in it is asked once more. */
const attempts = 2;

/**
 * Ends what is in doubt, oldest first: at boot, before each new transaction, and whenever there is time. What each
 * state becomes stands in `recoveries`. Each reversal is tried once; call again until the result is `clear`.
 */
export async function recover(journal: JournalPort, acquirer: Acquirer): Promise<Recovery> {
  const cancelled: Transaction[] = [];
  const reversed: Transaction[] = [];
  const disputed: Transaction[] = [];
  for (const transaction of await settle(journal, cancelled)) {
    const outcome = await reverseOnce(acquirer, transaction);
    if (outcome.kind === "noAnswer") {
      return { kind: "unanswered", unanswered: transaction, cancelled, reversed, disputed };
    }
    const { kind, responseCode } = outcome;
    const ended = await journal.advance(transaction, kind, { responseCode });
    (kind === "reversed" ? reversed : disputed).push(ended);
  }
  return { kind: "clear", cancelled, reversed, disputed };
}

/** Gives every transaction in doubt its recovery state before the host is asked; returns those that owe a reversal. */
async function settle(journal: JournalPort, cancelled: Transaction[]): Promise<Transaction[]> {
  const owed: Transaction[] = [];
  for (const transaction of await journal.inDoubt()) {
    const next = recoveries[transaction.type][transaction.state];
    if (next === "cancelled") cancelled.push(await journal.advance(transaction, next));
    else if (transaction.state === "reversing") owed.push(transaction);
    else if (next === "reversing") {
      const reversalReason = transaction.reversalReason ?? "98";
      owed.push(await journal.advance(transaction, next, { reversalReason }));
    }
  }
  return owed;
}

async function reverseOnce(acquirer: Acquirer, transaction: Transaction): ReturnType<Acquirer["reverse"]> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!acquirer.signedIn && (await acquirer.signIn()).kind !== "signedIn") break;
    const outcome = await acquirer.reverse(transaction);
    if (outcome.kind !== "noAnswer" || acquirer.signedIn) return outcome;
  }
  return { kind: "noAnswer" };
}
