import { type Circumstances, type Recovery as RecoveryRow, recoveries } from "../journal/states.ts";
import type { JournalPort, Transaction, TransactionChanges, TransactionState } from "../journal/types.ts";
import { askSignedIn } from "./attempts.ts";
import { approvalChanges, verdictOf } from "./outcome.ts";
import { claimSignedIn } from "./shop-payments.ts";
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
  /** Payments by code that the host says were paid: they are `confirmed` now, and nobody has been told. */
  readonly paid: readonly Transaction[];
}

/** What the caller of a recovery knows and wants to know. */
export interface RecoveryOptions extends Circumstances {
  /** Called before the host is asked, with the oldest: `reversing` where it goes back, any other state where it may stand; again where that changes. */
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
  const paid: Transaction[] = [];
  const owed = await settle(journal, options, cancelled);
  let goesBack: boolean | undefined;
  const announce = async (next: Transaction): Promise<void> => {
    const before = goesBack;
    goesBack = next.state === "reversing";
    if (goesBack !== before) await options.onOwed?.(next);
  };
  for (const found of owed) {
    await announce(found);
    const transaction = found.state === "reversing" ? found : await ask(journal, acquirer, found, options);
    if (transaction === undefined)
      return { kind: "unanswered", unanswered: found, cancelled, reversed, disputed, paid };
    if (transaction.state === "confirmed") paid.push(transaction);
    if (transaction.state !== "reversing") continue;
    await announce(transaction);
    const outcome = await askSignedIn(acquirer, () => acquirer.reverse(transaction), isAnswered);
    if (outcome === undefined || outcome.kind === "noAnswer") {
      return { kind: "unanswered", unanswered: transaction, cancelled, reversed, disputed, paid };
    }
    const { kind, responseCode } = outcome;
    const ended = await journal.advance(transaction, kind, refusalChanges(kind, responseCode));
    (kind === "reversed" ? reversed : disputed).push(ended);
  }
  return { kind: "clear", cancelled, reversed, disputed, paid };
}

/**
 * Has the host say what became of a payment by code, and brings it where that puts it: `confirmed`, `declined`, or `reversing` where
 * it was not paid, or not as it was asked for.
 * @returns undefined while the host does not answer
 */
async function ask(
  journal: JournalPort,
  acquirer: Acquirer,
  found: Transaction,
  circumstances: Circumstances,
): Promise<Transaction | undefined> {
  if (found.claim !== undefined) return claimAgain(journal, acquirer, found, circumstances);
  const outcome = await askSignedIn(
    acquirer,
    () => acquirer.askOutcome(found),
    ({ kind }) => kind === "told" || kind === "unsupported",
  );
  if (outcome === undefined) return undefined;
  const verdict = verdictOf(found, outcome);
  if (verdict?.kind === "approved") {
    const approved = await journal.advance(found, "approved", approvalChanges(verdict));
    return follow(journal, approved, circumstances);
  }
  if (verdict?.kind === "declined") {
    return journal.advance(found, "declined", { responseCode: verdict.responseCode });
  }
  return journal.advance(found, "reversing", { reversalReason: verdict?.reversalReason ?? "98" });
}

/** A payment to the shop's code whose claim may have been lost: the same claim again does no harm, and a late one none either. */
async function claimAgain(
  journal: JournalPort,
  acquirer: Acquirer,
  found: Transaction,
  circumstances: Circumstances,
): Promise<Transaction | undefined> {
  const { kind } = await claimSignedIn(acquirer, found);
  if (kind === "noAnswer") return undefined;
  if (kind === "gone") return journal.advance(found, "cancelled");
  return follow(journal, await journal.advance(found, "approved"), circumstances);
}

/** Gives every transaction in doubt its recovery state before the host is asked; returns those that owe a reversal. */
async function settle(
  journal: JournalPort,
  circumstances: Circumstances,
  cancelled: Transaction[],
): Promise<Transaction[]> {
  const owed: Transaction[] = [];
  for (const found of await journal.inDoubt()) {
    const transaction = await follow(journal, found, circumstances);
    if (isUnsettled(transaction, circumstances)) owed.push(transaction);
    else if (transaction.state === "cancelled") cancelled.push(transaction);
  }
  return owed;
}

const ruleOf = (found: Transaction, circumstances: Circumstances): RecoveryRow | undefined =>
  recoveries[found.type][found.state]?.(found, circumstances);

/** The host has still to be asked for its reversal, or what became of it. */
function isUnsettled(transaction: Transaction, circumstances: Circumstances): boolean {
  return transaction.state === "reversing" || ruleOf(transaction, circumstances)?.isAsked === true;
}

/** Takes a transaction through the states that its row has. */
async function follow(journal: JournalPort, found: Transaction, circumstances: Circumstances): Promise<Transaction> {
  const { path = [], reason } = ruleOf(found, circumstances) ?? {};
  const reversalReason = found.reversalReason ?? reason;
  const changes = reversalReason === undefined ? {} : { reversalReason };
  let transaction = found;
  for (const state of path) transaction = await journal.advance(transaction, state, changes);
  return transaction;
}

const isAnswered = ({ kind }: ReversalOutcome): boolean => kind !== "noAnswer";
