import type { BatchTotal, TransactionState, TransactionType } from "./types.ts";

/** What of a transaction counts. */
export interface Countable {
  readonly type: TransactionType;
  readonly state: TransactionState;
  readonly scheme?: string;
  readonly amount: number;
}

/**
 * Running totals of the open batch by type, state and card scheme. In columns: on a device each part of an object takes a slot, and
 * a business day has dozens of rows; what is in an array takes none.
 */
export class Totals {
  #types: TransactionType[] = [];
  #states: TransactionState[] = [];
  #schemes: string[] = [];
  #counts: number[] = [];
  #amounts: number[] = [];

  /** How many transactions there are. */
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  clear(): void {
    this.#types = [];
    this.#states = [];
    this.#schemes = [];
    this.#counts = [];
    this.#amounts = [];
  }

  add(transaction: Countable): void {
    this.#change(transaction, 1);
  }

  subtract(transaction: Countable): void {
    this.#change(transaction, -1);
  }

  /** What is there, in the order in which it first came; rows of nothing left out. */
  read(): readonly BatchTotal[] {
    const rows: BatchTotal[] = [];
    for (const [row, type] of this.#types.entries()) {
      const count = this.#counts[row]!;
      if (count <= 0) continue;
      const [state, scheme, amount] = [this.#states[row]!, this.#schemes[row]!, this.#amounts[row]!];
      rows.push(Object.freeze({ type, state, scheme, count, amount }));
    }
    return rows;
  }

  #change({ type, state, scheme = "", amount }: Countable, by: 1 | -1): void {
    const row = this.#rowOf(type, state, scheme);
    this.#counts[row]! += by;
    this.#amounts[row]! += by * amount;
  }

  #rowOf(type: TransactionType, state: TransactionState, scheme: string): number {
    const row = this.#types.findIndex(
      (each, at) => each === type && this.#states[at] === state && this.#schemes[at] === scheme,
    );
    if (row >= 0) return row;
    this.#states.push(state);
    this.#schemes.push(scheme);
    this.#counts.push(0);
    this.#amounts.push(0);
    return this.#types.push(type) - 1;
  }
}
