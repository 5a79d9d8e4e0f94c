import type { BatchTotal, TransactionState, TransactionType } from "./types.ts";

/** What of a transaction counts. */
export interface Countable {
  readonly type: TransactionType;
  readonly state: TransactionState;
  readonly scheme?: string;
  readonly amount: number;
}

type Row = { -readonly [Name in keyof BatchTotal]: BatchTotal[Name] };

/** Running totals of the open batch by type, state and card scheme. */
export class Totals {
  #rows: Row[] = [];

  clear(): void {
    this.#rows = [];
  }

  add(transaction: Countable): void {
    this.#change(transaction, 1);
  }

  subtract(transaction: Countable): void {
    this.#change(transaction, -1);
  }

  /** What is there, in the order in which it first came; rows of nothing left out. */
  read(): readonly BatchTotal[] {
    return this.#rows.filter(({ count }) => count > 0).map((row) => Object.freeze({ ...row }));
  }

  #change({ type, state, scheme = "", amount }: Countable, by: 1 | -1): void {
    let row = this.#rows.find((each) => each.type === type && each.state === state && each.scheme === scheme);
    if (row === undefined) {
      row = { type, state, scheme, count: 0, amount: 0 };
      this.#rows.push(row);
    }
    row.count += by;
    row.amount += by * amount;
  }
}
