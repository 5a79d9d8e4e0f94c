/** What the host remembers of each transaction, found again by terminal, batch and STAN. */
import type { CardAccount } from "./accounts.ts";
import type { Leg } from "./ledger.ts";
import type { KindName } from "./rules/kinds.ts";

/** Where a transaction stands; `completed` is a pre-authorisation that was used, `adjusted` a sale that another replaced. */
export type TransactionState = "approved" | "declined" | "reversed" | "voided" | "completed" | "adjusted";

/** One transaction. */
export interface TransactionRecord {
  readonly key: string;
  readonly terminal: string;
  readonly merchant: string;
  readonly batch: string;
  readonly stan: string;
  readonly kind: KindName;
  /** Minor units of the terminal's currency. */
  amount: number;
  readonly currency: string;
  readonly account: CardAccount | undefined;
  readonly at: number;
  /** MMDD. */
  readonly day: string;
  readonly response: string;
  readonly authorisationCode: string;
  readonly reference: string;
  legs: Leg[];
  state: TransactionState;
  /** The earlier transaction this one changed, and the state it had before. */
  readonly touched?: { readonly record: TransactionRecord; readonly before: TransactionState };
}

/** A transaction's name in the book. */
export function recordKey(terminal: string, batch: string, stan: string): string {
  return `${terminal}/${batch}/${stan}`;
}

/** All transactions in the order they came. */
export class Book {
  readonly #records = new Map<string, TransactionRecord>();
  readonly #undoneUnseen = new Set<string>();

  add(record: TransactionRecord): void {
    this.#records.set(record.key, record);
  }

  find(key: string): TransactionRecord | undefined {
    return this.#records.get(key);
  }

  /** The newest that fits. */
  findLast(fits: (record: TransactionRecord) => boolean): TransactionRecord | undefined {
    return [...this.#records.values()].reverse().find(fits);
  }

  /** Remembers that a reversal came before its transaction, which must then not go through when it comes late. */
  undoUnseen(key: string): void {
    this.#undoneUnseen.add(key);
  }

  wasUndoneUnseen(key: string): boolean {
    return this.#undoneUnseen.has(key);
  }

  records(): TransactionRecord[] {
    return [...this.#records.values()];
  }
}
