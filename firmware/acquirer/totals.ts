import type { BatchTotal, Transaction, TransactionState, TransactionType } from "../journal/types.ts";
import { domesticScheme } from "./scheme.ts";

/** How many, and how much in minor units. */
export interface Sum {
  readonly count: number;
  readonly amount: number;
}

/** Transactions of one type with cards of one scheme. */
export interface TotalsRow extends Sum {
  readonly type: TransactionType;
  readonly scheme: string;
}

/** One side of field 48. */
export interface Side {
  readonly debits: Sum;
  readonly credits: Sum;
}

/** UnionPay's own cards, and all others. */
export interface Sides {
  readonly domestic: Side;
  readonly foreign: Side;
}

/** What settlement counts of each type; a reservation moves no money and is counted on neither side. */
export const settlementSides: Readonly<Record<TransactionType, "debits" | "credits" | "neither">> = Object.freeze({
  sale: "debits",
  completion: "debits",
  completionAdvice: "debits",
  offlineSale: "debits",
  adjustment: "debits",
  tip: "debits",
  voidSale: "credits",
  voidCompletion: "credits",
  refund: "credits",
  preAuthorisation: "neither",
  voidPreAuthorisation: "neither",
});

/**
 * States that count. A voided payment counts beside its void, on the other side; one that was adjusted does not: what
 * adjusted it has the new amount.
 */
const counted: readonly TransactionState[] = Object.freeze([
  "confirmed",
  "receipted",
  "voided",
  "uploaded",
  "acknowledged",
] as const);

/** Whether a transaction is among those whose money the host settles; a dispute is that once the acquirer has said so. */
export function isSettled(transaction: Pick<Transaction, "type" | "state" | "cleared">): boolean {
  const { type, state } = transaction;
  return (counted.includes(state) || isCharged(transaction)) && settlementSides[type] !== "neither";
}

/** A dispute that is none any more: the acquirer has said that its books have it. */
function isCharged({ state, cleared }: Pick<Transaction, "state" | "cleared">): boolean {
  return state === "disputed" && cleared === "charged";
}

/** What a transaction adds to totals: one that was disputed and is not any more counts like the others. */
export function countable(transaction: Transaction): Transaction {
  return isCharged(transaction) ? { ...transaction, state: "receipted" } : transaction;
}

/** The rows of a batch that are settled, by type and scheme in the order in which they came. */
export function settledRows(totals: readonly BatchTotal[]): readonly TotalsRow[] {
  const rows: TotalsRow[] = [];
  for (const total of totals) {
    if (!isSettled(total)) continue;
    const { type, count, amount } = total;
    const scheme = total.scheme === "" ? domesticScheme : total.scheme;
    const place = rows.findIndex((row) => row.type === type && row.scheme === scheme);
    const before = rows[place] ?? { count: 0, amount: 0 };
    const row = { type, scheme, count: before.count + count, amount: before.amount + amount };
    if (place < 0) rows.push(row);
    else rows[place] = row;
  }
  return rows;
}

/** The sum of the rows that are wanted. */
export function sumOf(rows: readonly TotalsRow[], isWanted: (row: TotalsRow) => boolean): Sum {
  let [count, amount] = [0, 0];
  for (const row of rows) {
    if (!isWanted(row)) continue;
    count += row.count;
    amount += row.amount;
  }
  return { count, amount };
}

/** Debits and credits of all schemes together. */
export function sideOf(rows: readonly TotalsRow[], isWanted: (row: TotalsRow) => boolean = () => true): Side {
  return {
    debits: sumOf(rows, (row) => settlementSides[row.type] === "debits" && isWanted(row)),
    credits: sumOf(rows, (row) => settlementSides[row.type] === "credits" && isWanted(row)),
  };
}

/** What field 48 tells of the batch. */
export function sidesOf(rows: readonly TotalsRow[]): Sides {
  return {
    domestic: sideOf(rows, ({ scheme }) => scheme === domesticScheme),
    foreign: sideOf(rows, ({ scheme }) => scheme !== domesticScheme),
  };
}

/** What the merchant gets of a side: debits less credits, which may be below zero. */
export function netOf({ debits, credits }: Side): number {
  return debits.amount - credits.amount;
}
