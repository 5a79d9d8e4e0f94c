import { inTurnOfItsOwn } from "../turn.ts";
import type {
  Journal,
  JournalPort,
  Transaction,
  TransactionChanges,
  TransactionDetails,
  TransactionFilter,
  TransactionState,
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

  open(details: TransactionDetails): Promise<Transaction> {
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

  owed(): Promise<readonly Transaction[]> {
    return inTurnOfItsOwn(() => this.#journal.owed());
  }

  find(matches: TransactionFilter): Promise<Transaction | undefined> {
    return inTurnOfItsOwn(() => this.#journal.find(matches));
  }

  /** Shows the visitor each transaction, oldest first, until it says `false`; each from a turn of its own. */
  async each(visit: (transaction: Transaction) => boolean | undefined): Promise<void> {
    for (const transaction of this.#journal.transactions()) {
      if ((await inTurnOfItsOwn(() => visit(transaction))) === false) return;
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
}
