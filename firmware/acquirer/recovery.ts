import { type Circumstances, recoveries } from "../journal/states.ts";
import type { JournalPort, Transaction, TransactionChanges, TransactionState } from "../journal/types.ts";
import { askSignedIn } from "./attempts.ts";
import type { Acquirer, ReversalOutcome } from "./types.ts";

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

/** What the caller of a recovery knows and wants to know. */
export interface RecoveryOptions extends Circumstances {
  /** Called with the oldest transaction that owes a reversal before the host is asked for the first. */
  readonly onOwed?: (oldest: Transaction) => Promise<void>;
}

/** What the journal keeps of a refusal. Of a dispute a slip is owed, whatever was printed of the payment before. */
export function refusalChanges(state: TransactionState, responseCode: string): TransactionChanges {
  return state === "disputed" ? { responseCode, printed: false } : { responseCode };
}

/**
 * Ends what is in doubt, oldest first: at boot, before each new transaction, and whenever there is time. What each
 * state becomes stands in `recoveries`. Each reversal is tried once; call again until the result is `clear`.
 */
export async function recover(journal: JournalPort, acquirer: Acquirer, options: RecoveryOptions): Promise<Recovery> {
  const cancelled: Transaction[] = [];
  const reversed: Transaction[] = [];
  const disputed: Transaction[] = [];
  const owed = await settle(journal, options, cancelled);
  if (owed[0] !== undefined) await options.onOwed?.(owed[0]);
  for (const transaction of owed) {
    const outcome = await askSignedIn(acquirer, () => acquirer.reverse(transaction), isAnswered);
    if (outcome === undefined || outcome.kind === "noAnswer") {
      return { kind: "unanswered", unanswered: transaction, cancelled, reversed, disputed };
    }
    const { kind, responseCode } = outcome;
    const ended = await journal.advance(transaction, kind, refusalChanges(kind, responseCode));
    (kind === "reversed" ? reversed : disputed).push(ended);
  }
  return { kind: "clear", cancelled, reversed, disputed };
}

/** Gives every transaction in doubt its recovery state before the host is asked; returns those that owe a reversal. */
async function settle(
  journal: JournalPort,
  circumstances: Circumstances,
  cancelled: Transaction[],
): Promise<Transaction[]> {
  const owed: Transaction[] = [];
  for (const found of await journal.inDoubt()) {
    const recovery = recoveries[found.type][found.state]?.(found, circumstances);
    if (recovery === undefined) continue;
    const reversalReason = found.reversalReason ?? recovery.reason;
    const changes = reversalReason === undefined ? {} : { reversalReason };
    let transaction = found;
    for (const state of recovery.path) transaction = await journal.advance(transaction, state, changes);
    if (transaction.state === "reversing") owed.push(transaction);
    else if (transaction.state === "cancelled") cancelled.push(transaction);
  }
  return owed;
}

const isAnswered = ({ kind }: ReversalOutcome): boolean => kind !== "noAnswer";
