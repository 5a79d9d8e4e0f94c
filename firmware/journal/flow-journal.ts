import { inTurnOfItsOwn } from "../turn.ts";
import type {
  BatchTotal,
  Journal,
  JournalPort,
  NewTransaction,
  RestoredTransaction,
  Room,
  Transaction,
  TransactionChanges,
  TransactionFilter,
  TransactionState,
  UnsavedRecord,
} from "./types.ts";

/** The journal as flows see it: a record, and at times a block that is copied, goes deeper than a flow leaves room for. */
export class FlowJournal implements JournalPort {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  hasRoom(): Promise<boolean> {
    return inTurnOfItsOwn(() => this.#journal.hasRoom());
  }

  room(): Promise<Room> {
    return inTurnOfItsOwn(() => this.#journal.room());
  }

  batch(): Promise<number> {
    return inTurnOfItsOwn(() => this.#journal.batch());
  }

  totals(): Promise<readonly BatchTotal[]> {
    return inTurnOfItsOwn(() => this.#journal.totals());
  }

  closeBatch(next?: number): Promise<number> {
    return inTurnOfItsOwn(() => this.#journal.closeBatch(next));
  }

  open(details: NewTransaction): Promise<Transaction> {
    return inTurnOfItsOwn(() => this.#journal.open(details));
  }

  advance(transaction: Transaction, state: TransactionState, changes?: TransactionChanges): Promise<Transaction> {
    return inTurnOfItsOwn(() => this.#journal.advance(transaction, state, changes));
  }

  note(transaction: Transaction, changes: TransactionChanges): Promise<Transaction> {
    return inTurnOfItsOwn(() => this.#journal.note(transaction, changes));
  }

  inDoubt(): Promise<readonly Transaction[]> {
    return inTurnOfItsOwn(() => this.#journal.inDoubt());
  }

  owed(): Promise<readonly number[]> {
    return inTurnOfItsOwn(() => this.#journal.owed());
  }

  find(matches: TransactionFilter, newest?: number): Promise<Transaction | undefined> {
    return inTurnOfItsOwn(() => this.#journal.find(matches, newest));
  }

  /** Shows the visitor each that fits, oldest first, until it says `false`; reads and visits from turns of their own. */
  async each(visit: (transaction: Transaction) => boolean | undefined, matches: TransactionFilter = {}): Promise<void> {
    const transactions = this.#journal.transactions(matches);
    for (;;) {
      const { done, value } = await inTurnOfItsOwn(() => transactions.next());
      if (done === true || (await inTurnOfItsOwn(() => visit(value))) === false) return;
    }
  }

  last(states?: readonly TransactionState[]): Promise<Transaction | undefined> {
    return inTurnOfItsOwn(() => this.#journal.last(states));
  }

  unreadable(): Promise<number> {
    return inTurnOfItsOwn(() => this.#journal.unreadable());
  }

  nextStan(): Promise<number> {
    return inTurnOfItsOwn(() => this.#journal.nextStan());
  }

  unsaved(): Promise<number> {
    return inTurnOfItsOwn(() => this.#journal.unsaved());
  }

  nextUnsaved(): Promise<UnsavedRecord | undefined> {
    return inTurnOfItsOwn(() => this.#journal.nextUnsaved());
  }

  saved(sequence: number): Promise<void> {
    return inTurnOfItsOwn(() => this.#journal.saved(sequence));
  }

  restoring(): Promise<number | undefined> {
    return inTurnOfItsOwn(() => this.#journal.restoring());
  }

  putBack(transaction: RestoredTransaction): Promise<void> {
    return inTurnOfItsOwn(() => this.#journal.putBack(transaction));
  }

  restored(number: number | undefined): Promise<void> {
    return inTurnOfItsOwn(() => this.#journal.restored(number));
  }
}
