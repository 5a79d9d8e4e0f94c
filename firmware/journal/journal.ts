import type { Flash } from "../../hal/io.ts";
import { FormatError } from "../codec/errors.ts";
import type { IndexEntry } from "./index.ts";
import { RecordLog } from "./log.ts";
import { decodeTransaction, encodeTransaction } from "./record.ts";
import { isOwed, stateNumber, stateOf, states } from "./states.ts";
import {
  type Journal,
  JournalFullError,
  type Transaction,
  type TransactionChanges,
  type TransactionDetails,
  type TransactionFilter,
  type TransactionState,
} from "./types.ts";

/** The journal in the flash partition that it is given. Mounting is a scan; only a small index stays in memory. */
export class FlashJournal implements Journal {
  readonly #log: RecordLog;

  constructor(flash: Flash) {
    this.#log = new RecordLog(flash, isFinal);
  }

  hasRoom(): boolean {
    return this.#log.hasRoom;
  }

  open(details: TransactionDetails): Transaction {
    if (!this.#log.hasRoom) throw new JournalFullError("the journal is full");
    const { id, stan } = this.#log.openTransaction(states.opened.number, encodeTransaction(details));
    return Object.freeze({ ...details, id, stan, state: "opened" });
  }

  advance(transaction: Transaction, state: TransactionState, changes: TransactionChanges = {}): Transaction {
    const { id, stan, details } = this.#changed(transaction, changes);
    if (!states[transaction.state].next.includes(state)) {
      throw new Error(`no transition from ${transaction.state} to ${state}`);
    }
    return this.#append(id, stan, state, details);
  }

  note(transaction: Transaction, changes: TransactionChanges): Transaction {
    const { id, stan, state, details } = this.#changed(transaction, changes);
    return this.#append(id, stan, state, details);
  }

  inDoubt(): readonly Transaction[] {
    return this.#those((number) => {
      const state = stateOf(number);
      return state !== undefined && states[state].inDoubt;
    });
  }

  owed(): readonly Transaction[] {
    return this.#those(isOwed);
  }

  find(matches: TransactionFilter): Transaction | undefined {
    for (let place = this.#log.index.count - 1; place >= 0; place--) {
      const entry = this.#log.index.at(place);
      const state = stateOf(entry.state);
      if (state === undefined || matches.states?.includes(state) === false) continue;
      const transaction = this.#read(entry);
      if (transaction !== undefined && fits(transaction, matches)) return transaction;
    }
    return undefined;
  }

  last(wanted?: readonly TransactionState[]): Transaction | undefined {
    for (let place = this.#log.index.count - 1; place >= 0; place--) {
      const entry = this.#log.index.at(place);
      const state = stateOf(entry.state);
      if (wanted === undefined || (state !== undefined && wanted.includes(state))) return this.#read(entry);
    }
    return undefined;
  }

  unreadable(): number {
    let count = this.#log.damaged;
    for (let place = 0; place < this.#log.index.count; place++) {
      const entry = this.#log.index.at(place);
      const state = stateOf(entry.state);
      const isOver = state === "receipted" || isFinal(entry);
      if (!isOver && (state === undefined || this.#read(entry) === undefined)) count++;
    }
    return count;
  }

  *transactions(): IterableIterator<Transaction> {
    for (let place = 0; place < this.#log.index.count; place++) {
      const transaction = this.#read(this.#log.index.at(place));
      if (transaction !== undefined) yield transaction;
    }
  }

  nextStan(): number {
    return this.#log.takeStan();
  }

  #append(id: number, stan: number, state: TransactionState, details: TransactionDetails & TransactionChanges) {
    const number = stateNumber(state, details.scriptNotice !== undefined);
    this.#log.appendTransaction(id, stan, number, encodeTransaction(details));
    return Object.freeze({ ...details, id, stan, state });
  }

  /** A transaction's parts with what changed. Throws `Error` when the journal knows it in another state. */
  #changed(transaction: Transaction, changes: TransactionChanges) {
    const entry = this.#log.index.find(transaction.id);
    if (entry === undefined || stateOf(entry.state) !== transaction.state) {
      throw new Error("the journal knows this transaction otherwise");
    }
    const { id, stan, state, ...known } = transaction;
    const { scriptNotice, ...details } = { ...known, ...changes };
    return { id, stan, state, details: scriptNotice === undefined ? details : { ...details, scriptNotice } };
  }

  /** Those whose state's number is wanted. */
  #those(wanted: (number: number) => boolean): Transaction[] {
    const transactions: Transaction[] = [];
    for (let place = 0; place < this.#log.index.count; place++) {
      const entry = this.#log.index.at(place);
      const transaction = wanted(entry.state) ? this.#read(entry) : undefined;
      if (transaction !== undefined) transactions.push(transaction);
    }
    return transactions;
  }

  #read(entry: IndexEntry): Transaction | undefined {
    const record = this.#log.read(entry);
    if (record === undefined) return undefined;
    try {
      return decodeTransaction(record.header, record.payload);
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }
}

function fits(transaction: Transaction, { states: _states, types, ...same }: TransactionFilter): boolean {
  const values: Readonly<Partial<Record<string, unknown>>> = { ...transaction };
  return (
    (types === undefined || types.includes(transaction.type)) &&
    Object.entries(same).every(([name, value]) => value === undefined || values[name] === value)
  );
}

function isFinal(entry: IndexEntry): boolean {
  const state = stateOf(entry.state);
  return state !== undefined && states[state].final && !isOwed(entry.state);
}
