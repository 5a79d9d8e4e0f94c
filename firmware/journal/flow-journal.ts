import { inTurnOfItsOwn } from "../turn.ts";
import type {
  Journal,
  JournalPort,
  Transaction,
  TransactionChanges,
  TransactionDetails,
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

  inDoubt(): Promise<readonly Transaction[]> {
    return inTurnOfItsOwn(() => this.#journal.inDoubt());
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
