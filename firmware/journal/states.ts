import type { ReversalReason, Transaction, TransactionState } from "./types.ts";

interface StateRule {
  /** Number in flash; never changed, never given to another state. */
  readonly number: number;
  readonly next: readonly TransactionState[];
  /** True while it is not certain whose the money is, or will be. */
  readonly inDoubt: boolean;
  /** True when nothing is owed to anybody any more: rotation may drop the transaction. */
  readonly final: boolean;
}

/** Every state, what may follow it, and what it means for the money. */
export const states: Readonly<Record<TransactionState, StateRule>> = Object.freeze({
  opened: { number: 1, next: ["authorising", "cancelled"], inDoubt: true, final: false },
  authorising: {
    number: 2,
    next: ["approved", "declined", "unknown", "reversing", "cancelled"],
    inDoubt: true,
    final: false,
  },
  approved: { number: 3, next: ["confirmed", "refused"], inDoubt: true, final: false },
  declined: { number: 4, next: [], inDoubt: false, final: true },
  unknown: { number: 5, next: ["reversing"], inDoubt: true, final: false },
  reversing: { number: 6, next: ["reversed", "disputed"], inDoubt: true, final: false },
  reversed: { number: 7, next: [], inDoubt: false, final: true },
  disputed: { number: 8, next: [], inDoubt: false, final: false },
  confirmed: { number: 9, next: ["receipted"], inDoubt: false, final: false },
  refused: { number: 10, next: ["reversing"], inDoubt: true, final: false },
  receipted: { number: 11, next: [], inDoubt: false, final: false },
  cancelled: { number: 12, next: [], inDoubt: false, final: true },
});

/** The states' names, each at the place of its number. */
const names: readonly (TransactionState | undefined)[] = Object.freeze(
  (Object.keys(states) as TransactionState[]).reduce<(TransactionState | undefined)[]>((byNumber, name) => {
    byNumber[states[name].number] = name;
    return byNumber;
  }, []),
);

/** The state with this number in flash, or undefined. */
export function stateOf(number: number): TransactionState | undefined {
  return names[number];
}

/** What a restart or a new transaction makes of one that it finds unfinished. */
export interface Recovery {
  /** The states it goes through at once; none where it is where it belongs. */
  readonly path: readonly TransactionState[];
  /** Of the reversal, where none was noted before. */
  readonly reason?: ReversalReason;
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
const finishedOrReversed: RecoveryRule = ({ entryMode }, { merchantConfirms }) =>
  merchantConfirms || entryMode === "chip" ? { path: ["refused", "reversing"], reason: "06" } : { path: ["confirmed"] };

/**
 * What an intent becomes that a restart or a new transaction finds unfinished, by type and state. Before `authorising`
 * nothing was sent; from then on the host may have moved money, and sales are reversible. A state that is not here
 * stays as it is: a confirmed approval stands, and its receipt can be printed again.
 */
export const recoveries: Readonly<
  Record<Transaction["type"], Readonly<Partial<Record<TransactionState, RecoveryRule>>>>
> = Object.freeze({
  sale: Object.freeze({
    opened: cancelled,
    authorising: reversedFor("98"),
    approved: finishedOrReversed,
    unknown: reversedFor("98"),
    refused: reversedFor("06"),
    reversing: () => ({ path: [] }),
  }),
});
