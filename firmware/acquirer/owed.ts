import { changeOriginal } from "../journal/originals.ts";
import type { JournalPort, Transaction, TransactionState, TransactionType } from "../journal/types.ts";
import { askSignedIn } from "./attempts.ts";
import { refusalChanges } from "./recovery.ts";
import type { Acquirer } from "./types.ts";

/** The course that telling the host takes: the state before it is sent, and what the host's answer makes of it. */
interface Course {
  readonly underWay: TransactionState;
  readonly taken: TransactionState;
  readonly refused: TransactionState;
}

/** Approved without the host: the money was promised, so that a refusal is a dispute. */
const upload: Course = { underWay: "uploading", taken: "uploaded", refused: "disputed" };
/** The merchant has the money or the goods are gone: as above. */
const promised: Course = { underWay: "sent", taken: "acknowledged", refused: "disputed" };
/** Nothing has been promised that the host has not agreed to. */
const wished: Course = { underWay: "sent", taken: "acknowledged", refused: "declined" };

const courses: Readonly<Partial<Record<TransactionType, Course>>> = Object.freeze({
  sale: upload,
  refund: wished,
  completionAdvice: promised,
  offlineSale: promised,
  adjustment: wished,
  tip: wished,
});

/** Before these states nothing of it has left the terminal. */
const unsent: readonly TransactionState[] = ["offlineApproved", "queued"];
const owing: readonly TransactionState[] = [...unsent, "uploading", "sent"];

/** What came of telling the host. */
export interface Owed {
  /** `unanswered`: the host is not there; what is left is owed on. */
  readonly kind: "clear" | "unanswered";
  /** Ids of those that had their end, in this order: a day without a line leaves more than fit in memory at once. */
  readonly taken: readonly number[];
  readonly refused: readonly number[];
}

/** What the caller wants to know. */
export interface OwedOptions {
  /** Called before the host is asked for the first time, with how many are owed. */
  readonly onOwed?: (count: number) => Promise<void>;
}

/**
 * Tells the host what it has still to be told, oldest first: transactions that were decided without it, each under its
 * own STAN until it answers, and what issuers' scripts did. Ends at the first that stays unanswered: call again at the next
 * occasion (before a request, after a sign-in, while the terminal is idle). Nothing of it is in doubt, so that it keeps
 * nobody from selling.
 */
export async function tellOwed(journal: JournalPort, acquirer: Acquirer, options: OwedOptions = {}): Promise<Owed> {
  const taken: number[] = [];
  const refused: number[] = [];
  const owed = await journal.owed();
  if (owed.length > 0) await options.onOwed?.(owed.length);
  for (const id of owed) {
    const found = await journal.find({ id });
    if (found === undefined) continue;
    const transaction = owing.includes(found.state) ? await tellOne(journal, acquirer, found) : found;
    if (transaction === undefined) return { kind: "unanswered", taken, refused };
    if (transaction !== found) {
      const isTaken = transaction.state === courses[transaction.type]?.taken;
      (isTaken ? taken : refused).push(id);
    }
    if (!(await tellScripts(journal, acquirer, transaction))) return { kind: "unanswered", taken, refused };
  }
  return { kind: "clear", taken, refused };
}

/** @returns the transaction in its last state, or undefined while the host has not answered */
async function tellOne(journal: JournalPort, acquirer: Acquirer, found: Transaction): Promise<Transaction | undefined> {
  const course = courses[found.type];
  if (course === undefined) throw new Error(`the host is not told of a ${found.type}`);
  let isRepeat = !unsent.includes(found.state);
  const transaction = isRepeat ? found : await journal.advance(found, course.underWay);
  const question = (): ReturnType<Acquirer["tell"]> => {
    const outcome = acquirer.tell(transaction, isRepeat);
    isRepeat = true;
    return outcome;
  };
  const outcome = await askSignedIn(acquirer, question, ({ kind }) => kind !== "noAnswer");
  switch (outcome?.kind) {
    case "taken": {
      await changeOriginal(journal, transaction); // before: what is cut off in between is told, and done, again
      const { authorisationCode } = transaction;
      const own = authorisationCode === undefined ? {} : { authorisationCode };
      return journal.advance(transaction, course.taken, { ...outcome.changes, ...own });
    }
    case "refused":
      return journal.advance(transaction, course.refused, refusalChanges(course.refused, outcome.responseCode));
    default:
      return undefined;
  }
}

/** @returns false while the host has not heard of them */
async function tellScripts(journal: JournalPort, acquirer: Acquirer, transaction: Transaction): Promise<boolean> {
  if (transaction.scriptNotice === undefined) return true;
  const isHeard = await askSignedIn(
    acquirer,
    () => acquirer.tellScripts(transaction),
    (heard) => heard,
  );
  if (isHeard === undefined) return false;
  await journal.note(transaction, { scriptNotice: undefined });
  return true;
}
