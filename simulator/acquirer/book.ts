/** What the host remembers of each transaction, found again by terminal, batch and STAN. */
import type { Account } from "./accounts.ts";
import type { Leg } from "./ledger.ts";
import type { KindName } from "./rules/kinds.ts";

/** Where a transaction stands; `completed` is a pre-authorisation that was used, `adjusted` a sale that another replaced. */
export type TransactionState = "approved" | "declined" | "reversed" | "voided" | "completed" | "adjusted";

/** One transaction. */
export interface TransactionRecord {
  readonly key: string;
  /** Its place in the book, from 1. */
  readonly number: number;
  readonly terminal: string;
  readonly merchant: string;
  readonly batch: string;
  readonly stan: string;
  readonly kind: KindName;
  /** Field 60.1. */
  readonly type: string;
  /** Minor units of the terminal's currency. */
  readonly amount: number;
  readonly currency: string;
  readonly account: Account | undefined;
  readonly at: number;
  /** MMDD. */
  readonly day: string;
  /** hhmmss. */
  readonly time: string;
  /** YYMM. */
  readonly month: string;
  readonly response: string;
  readonly authorisationCode: string;
  readonly reference: string;
  /** The chip's cryptogram, which serves once. */
  readonly cryptogram?: string | undefined;
  /** The entry of the ledger that moved its money, and its legs. */
  readonly entry?: number | undefined;
  readonly legs: readonly Leg[];
  /** What the shop pays for it when the batch is settled; negative where a refund gives back. */
  readonly fee: number;
  state: TransactionState;
  /** What approved refunds took of it. */
  refunded: number;
  /** Why it is not paid out. */
  withheld?: string | undefined;
  /** For how many working days it is held. */
  holdDays?: number | undefined;
  /** The earlier transaction this one changed, and the state it had before. */
  readonly touched?: { readonly record: TransactionRecord; readonly before: TransactionState } | undefined;
}

/** A transaction's name in the book. */
export function recordKey(terminal: string, batch: string, stan: string): string {
  return `${terminal}/${batch}/${stan}`;
}

/** Adds to the list of a name. */
function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

/** All transactions in the order they came, found by key, by batch and by card without looking at the others. */
export class Book {
  readonly #records = new Map<string, TransactionRecord>();
  readonly #byBatch = new Map<string, TransactionRecord[]>();
  readonly #byAccount = new Map<Account, TransactionRecord[]>();
  readonly #undoneUnseen = new Set<string>();

  add(record: TransactionRecord): void {
    this.#records.set(record.key, record);
    push(this.#byBatch, `${record.terminal}/${record.batch}`, record);
    if (!record.account) return;
    const ofCard = this.#byAccount.get(record.account);
    if (ofCard) ofCard.push(record);
    else this.#byAccount.set(record.account, [record]);
  }

  find(key: string): TransactionRecord | undefined {
    return this.#records.get(key);
  }

  /** A card's transactions, newest first. */
  *ofAccount(account: Account): Generator<TransactionRecord> {
    const records = this.#byAccount.get(account) ?? [];
    for (let at = records.length - 1; at >= 0; at -= 1) yield records[at]!;
  }

  /** The transactions of one batch, oldest first. */
  ofBatch(terminal: string, batch: string): readonly TransactionRecord[] {
    return this.#byBatch.get(`${terminal}/${batch}`) ?? [];
  }

  /** Remembers that a reversal came before its transaction, which must then not go through when it comes late. */
  undoUnseen(key: string): void {
    this.#undoneUnseen.add(key);
  }

  wasUndoneUnseen(key: string): boolean {
    return this.#undoneUnseen.has(key);
  }

  get size(): number {
    return this.#records.size;
  }

  records(): TransactionRecord[] {
    return [...this.#records.values()];
  }
}
