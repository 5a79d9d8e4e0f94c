import type { ReversalReason, Transaction, TransactionState, TransactionType } from "./types.ts";

interface StateRule {
  /** Number in flash; never changed, never given to another state. */
  readonly number: number;
  readonly next: readonly TransactionState[];
  /** True while it is not certain whose the money is, or will be. */
  readonly inDoubt: boolean;
  /** True while the host has still to be told of it; nothing of it is in doubt: it is repeated until it is taken. */
  readonly owed: boolean;
  /** True when nothing is owed to anybody any more: rotation may drop the transaction. */
  readonly final: boolean;
}

/** Every state, what may follow it, and what it means for the money. */
export const states: Readonly<Record<TransactionState, StateRule>> = Object.freeze({
  opened: {
    number: 1,
    next: ["authorising", "cancelled", "offlineApproved", "queued"],
    inDoubt: true,
    owed: false,
    final: false,
  },
  authorising: {
    number: 2,
    next: ["approved", "declined", "unknown", "reversing", "cancelled", "offlineApproved"],
    inDoubt: true,
    owed: false,
    final: false,
  },
  approved: { number: 3, next: ["confirmed", "refused"], inDoubt: true, owed: false, final: false },
  declined: { number: 4, next: [], inDoubt: false, owed: false, final: true },
  unknown: { number: 5, next: ["reversing"], inDoubt: true, owed: false, final: false },
  reversing: { number: 6, next: ["reversed", "disputed"], inDoubt: true, owed: false, final: false },
  reversed: { number: 7, next: [], inDoubt: false, owed: false, final: true },
  disputed: { number: 8, next: ["settled"], inDoubt: false, owed: false, final: false },
  confirmed: {
    number: 9,
    next: ["receipted", "voided", "adjusted", "completed", "settled"],
    inDoubt: false,
    owed: false,
    final: false,
  },
  refused: { number: 10, next: ["reversing"], inDoubt: true, owed: false, final: false },
  receipted: {
    number: 11,
    next: ["voided", "adjusted", "completed", "settled"],
    inDoubt: false,
    owed: false,
    final: false,
  },
  cancelled: { number: 12, next: [], inDoubt: false, owed: false, final: true },
  settled: { number: 13, next: [], inDoubt: false, owed: false, final: true },
  voided: { number: 14, next: ["settled"], inDoubt: false, owed: false, final: false },
  adjusted: { number: 15, next: ["adjusted", "settled"], inDoubt: false, owed: false, final: false },
  completed: { number: 16, next: ["receipted", "settled"], inDoubt: false, owed: false, final: false },
  offlineApproved: { number: 17, next: ["uploading"], inDoubt: false, owed: true, final: false },
  uploading: { number: 18, next: ["uploaded", "disputed"], inDoubt: false, owed: true, final: false },
  uploaded: { number: 19, next: ["voided", "adjusted", "settled"], inDoubt: false, owed: false, final: false },
  queued: { number: 20, next: ["sent", "cancelled"], inDoubt: false, owed: true, final: false },
  sent: { number: 21, next: ["acknowledged", "declined", "disputed"], inDoubt: false, owed: true, final: false },
  acknowledged: {
    number: 22,
    next: ["receipted", "voided", "adjusted", "settled"],
    inDoubt: false,
    owed: false,
    final: false,
  },
});

/** The states' names, each at the place of its number. */
const names: readonly (TransactionState | undefined)[] = Object.freeze(
  (Object.keys(states) as TransactionState[]).reduce<(TransactionState | undefined)[]>((byNumber, name) => {
    byNumber[states[name].number] = name;
    return byNumber;
  }, []),
);

/** Added to a state's number in flash while the host has still to be told what the issuer's scripts did. */
const noticeOwed = 0x80;

/** What stands for a state in flash. */
export function stateNumber(state: TransactionState, owesNotice: boolean): number {
  return states[state].number | (owesNotice ? noticeOwed : 0);
}

/** The state with this number in flash, or undefined. */
export function stateOf(number: number): TransactionState | undefined {
  return names[number & ~noticeOwed];
}

/** True where the host has still to be told of a transaction or of its scripts. */
export function isOwed(number: number): boolean {
  const state = stateOf(number);
  return (number & noticeOwed) !== 0 || (state !== undefined && states[state].owed);
}

/** True where it is not certain whose the money is, or will be. */
export function isInDoubt(number: number): boolean {
  const state = stateOf(number);
  return state !== undefined && states[state].inDoubt;
}

/** True where money is not certain or the host has still to be told: it stays in the ring. */
export function isUnfinished(number: number): boolean {
  return isOwed(number) || isInDoubt(number);
}

/** True where nothing is owed to anybody any more. */
export function isFinal(number: number): boolean {
  const state = stateOf(number);
  return state !== undefined && states[state].final && !isOwed(number);
}

/** True where a transaction counts until its batch is closed, and as settled from then on. */
export function isSettledByClosing(state: TransactionState): boolean {
  return states[state].next.includes("settled");
}

/** What a restart or a new transaction makes of one that it finds unfinished. */
export interface Recovery {
  /** The states it goes through at once; none where it is where it belongs. */
  readonly path: readonly TransactionState[];
  /** Of the reversal, where none was noted before. */
  readonly reason?: ReversalReason;
  /** The host is asked first what became of it: the payment may stand. */
  readonly isAsked?: true;
}

/** What recovery has to know of the terminal. */
export interface Circumstances {
  /** True when an approval counts only after the merchant has confirmed it. */
  readonly merchantConfirms: boolean;
}

type RecoveryRule = (transaction: Transaction, circumstances: Circumstances) => Recovery;

const cancelled: RecoveryRule = () => ({ path: ["cancelled"] });
const reversedFor =
  (reason: ReversalReason): RecoveryRule =>
  () => ({ path: ["reversing"], reason });

/** An approval that the merchant has still to confirm, or whose chip has not given its last cryptogram, is none yet. */
const finishedOrReversed: RecoveryRule = ({ entryMode, claim }, { merchantConfirms }) =>
  claim === undefined && (merchantConfirms || entryMode === "chip")
    ? { path: ["refused", "reversing"], reason: "06" }
    : { path: ["confirmed"] };

/**
 * A payment by code may be made by its customer while nobody is told: the host is asked first, and what was paid counts as
 * approved from then on; one to the shop's own code is claimed again. Every other one whose answer is not known goes back.
 */
const askedOrReversed: RecoveryRule = ({ entryMode }) =>
  entryMode === "code" ? { path: [], isAsked: true } : { path: ["reversing"], reason: "98" };

/** What is asked of the host and reversed where its answer is not known. */
const reversible = Object.freeze({
  opened: cancelled,
  authorising: reversedFor("98"),
  approved: finishedOrReversed,
  unknown: reversedFor("98"),
  refused: reversedFor("06"),
  reversing: (): Recovery => ({ path: [] }),
});

/** What is decided here and told to the host: before it is queued nothing has happened. */
const told = Object.freeze({ opened: cancelled });

/**
 * What an intent becomes that a restart or a new transaction finds unfinished, by type and state. Before `authorising`
 * nothing was sent; from then on the host may have moved money. A state that is not here stays as it is: a confirmed
 * approval stands, and its receipt can be printed again; what is owed is sent again under its own STAN.
 */
export const recoveries: Readonly<Record<TransactionType, Readonly<Partial<Record<TransactionState, RecoveryRule>>>>> =
  Object.freeze({
    sale: Object.freeze({ ...reversible, authorising: askedOrReversed }),
    voidSale: reversible,
    preAuthorisation: reversible,
    voidPreAuthorisation: reversible,
    completion: reversible,
    voidCompletion: reversible,
    refund: told,
    completionAdvice: told,
    offlineSale: told,
    adjustment: told,
    tip: told,
  });
