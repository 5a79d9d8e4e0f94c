import { states } from "./states.ts";
import type { JournalPort, Transaction, TransactionState, TransactionType } from "./types.ts";

/** What becomes of the earlier transaction that a later one names. A refund leaves it as it is: there may be several. */
const outcomes: Readonly<Partial<Record<TransactionType, TransactionState>>> = Object.freeze({
  voidSale: "voided",
  voidPreAuthorisation: "voided",
  completion: "completed",
  completionAdvice: "completed",
  voidCompletion: "voided",
  adjustment: "adjusted",
  tip: "adjusted",
});

/** Whether a transaction in this state can still be taken back, changed or used up by one of this type. */
export function canBeChanged(state: TransactionState, by: TransactionType): boolean {
  const outcome = outcomes[by];
  return outcome !== undefined && state !== outcome && states[state].next.includes(outcome);
}

/**
 * Brings the earlier transaction to where a later one, which stands now, puts it; voiding a completion also revives its
 * pre-authorisation. Doing it twice does no harm: a power cut in between is repaired by doing it again.
 */
export async function changeOriginal(journal: JournalPort, later: Transaction): Promise<void> {
  const outcome = outcomes[later.type];
  const original = await find(journal, later.original?.id);
  if (original === undefined || outcome === undefined) return;
  if (canBeChanged(original.state, later.type)) await journal.advance(original, outcome);
  if (later.type !== "voidCompletion") return;
  const used = await find(journal, original.original?.id);
  if (used?.state === "completed") await journal.advance(used, "receipted");
}

async function find(journal: JournalPort, id: number | undefined): Promise<Transaction | undefined> {
  return id === undefined ? undefined : journal.find({ id });
}
