import type { Flash } from "../../hal/io.ts";
import { FormatError } from "../codec/errors.ts";
import { History } from "./history.ts";
import type { IndexEntry } from "./index.ts";
import { following, RecordLog, type RingRules, type StoredRecord } from "./log.ts";
import { fits, mayFit } from "./matching.ts";
import { isNumbered, mayHold } from "./names.ts";
import { decodeTransaction, encodeTransaction } from "./record.ts";
import { roomIn } from "./room.ts";
import {
  isFinal,
  isInDoubt,
  isOwed,
  isSettledByClosing,
  isUnfinished,
  stateNumber,
  stateOf,
  states,
} from "./states.ts";
import { readSummary, type Summary, summaryLength } from "./summary.ts";
import { Totals } from "./totals.ts";
import {
  type BatchTotal,
  type Journal,
  JournalFullError,
  type NewTransaction,
  type OriginalTransaction,
  type RestoredTransaction,
  type Room,
  type Transaction,
  type TransactionChanges,
  type TransactionDetails,
  type TransactionFilter,
  type TransactionState,
  type UnsavedRecord,
} from "./types.ts";
import { Unsaved } from "./unsaved.ts";

const lastBatch = 999_999;
/** STANs that a terminal may have used before it was replaced without the host keeping a record of it. */
const stansInDoubt = 100;

/**
 * The journal in the flash partitions that it is given: a ring for what is unfinished and new, a history for the rest.
 * Mounting is a scan; only a small index of the ring stays in memory. Without a history all stays in the ring.
 */
export class FlashJournal implements Journal, RingRules {
  readonly #log: RecordLog;
  readonly #history: History | undefined;
  readonly #unsaved: Unsaved;
  readonly #totals = new Totals();

  /** @param firstBatch number of the batch that is open in an empty journal */
  constructor(flash: Flash, history?: Flash, firstBatch = 1) {
    this.#history = history === undefined ? undefined : new History(history);
    this.#log = new RecordLog(flash, firstBatch, this);
    this.#history?.mount(this.#log.batch, ({ header, payload }) => {
      const summary = readSummary(payload);
      if (summary !== undefined) this.#count(header.state, summary, 1);
    });
    this.#unsaved = new Unsaved(this.#log, this.#history);
    const { lastSequence = 0, lastId = 0 } = this.#history ?? {};
    this.#log.begin(Math.max(lastSequence, lastId) + 1);
    for (let place = 0; place < this.#log.index.count; place++) this.#countEntry(this.#log.index.at(place));
  }

  hasRoom(): boolean {
    const history = this.#history;
    if (history === undefined) return this.#log.hasRoom((entry) => !this.isDroppable(entry));
    return (
      this.room().left > 0 && this.#log.hasRoom(({ state }) => isUnfinished(state) || stateOf(state) === undefined)
    );
  }

  room(): Room {
    const used = this.#totals.count;
    const history = this.#history;
    if (history === undefined) return { used, left: this.hasRoom() ? 1 : 0, nearlyFull: !this.hasRoom() };
    return roomIn(history, this.#log, used);
  }

  batch(): number {
    return this.#log.batch;
  }

  totals(): readonly BatchTotal[] {
    return this.#totals.read();
  }

  closeBatch(next = following(this.#log.batch)): number {
    const batch = this.#log.batch;
    if (next === batch || next < 1 || next > lastBatch) throw new RangeError("number of the next batch");
    for (let place = 0; place < this.#log.index.count; place++) {
      const entry = this.#log.index.at(place);
      if (isUnfinished(entry.state) && this.#summary(entry)?.batch === batch) {
        throw new Error("something in the batch is in doubt or owed");
      }
    }
    this.#log.setBatch(next);
    this.#history?.closed();
    this.#totals.clear();
    return this.#log.batch;
  }

  open(opened: NewTransaction): Transaction {
    if (!this.hasRoom()) throw new JournalFullError("the journal is full");
    const details = { ...opened, batch: this.#log.batch };
    const { id, stan } = this.#log.openTransaction(states.opened.number, encodeTransaction(details));
    const transaction: Transaction = Object.freeze({ ...details, id, stan, state: "opened" });
    this.#totals.add(transaction);
    return transaction;
  }

  advance(transaction: Transaction, state: TransactionState, changes: TransactionChanges = {}): Transaction {
    this.#check(transaction);
    if (!states[transaction.state].next.includes(state)) {
      throw new Error(`no transition from ${transaction.state} to ${state}`);
    }
    return this.#append(transaction, state, changes);
  }

  note(transaction: Transaction, changes: TransactionChanges): Transaction {
    this.#check(transaction);
    return this.#append(transaction, transaction.state, changes);
  }

  inDoubt(): readonly Transaction[] {
    return this.#those(isInDoubt);
  }

  owed(): readonly number[] {
    const ids: number[] = [];
    for (let place = 0; place < this.#log.index.count; place++) {
      const { id, state } = this.#log.index.at(place);
      if (isOwed(state)) ids.push(id);
    }
    return ids;
  }

  find(matches: TransactionFilter, newest?: number): Transaction | undefined {
    if (matches.id !== undefined) {
      const transaction = this.#byId(matches.id);
      return transaction !== undefined && fits(transaction, matches) ? transaction : undefined;
    }
    const inRing = this.#findInRing(matches, newest);
    if (newest !== undefined) return inRing;
    if (inRing !== undefined && inRing.id > (this.#history?.lastId ?? 0)) return inRing;
    const inHistory = this.#findInHistory(matches);
    return inRing === undefined || (inHistory !== undefined && inHistory.id > inRing.id) ? inHistory : inRing;
  }

  last(wanted?: readonly TransactionState[]): Transaction | undefined {
    return this.find(wanted === undefined ? {} : { states: wanted });
  }

  unreadable(): number {
    let count = this.#log.damaged + (this.#history?.damaged ?? 0);
    for (let place = 0; place < this.#log.index.count; place++) {
      const entry = this.#log.index.at(place);
      const state = stateOf(entry.state);
      const isOver = state === "receipted" || isFinal(entry.state);
      if (!isOver && (state === undefined || this.#read(entry) === undefined)) count++;
    }
    return count;
  }

  *transactions(matches: TransactionFilter = {}): IterableIterator<Transaction> {
    const ids = new Uint32Array(this.#log.index.count);
    for (let place = 0; place < ids.length; place++) ids[place] = this.#log.index.at(place).id;
    let next = 0;
    const history = this.#history;
    for (const offset of history?.inOrder(this.#historyRange(history, matches).first) ?? []) {
      const id = history?.readBeginning(offset, 0).header.id ?? 0;
      for (; next < ids.length && ids[next]! < id; next++) yield* this.#if(matches, this.#byId(ids[next]!));
      if (ids.includes(id)) continue;
      const changed = this.#log.index.find(id);
      yield* this.#if(matches, changed === undefined ? this.#readHistory(offset, matches) : this.#read(changed));
    }
    for (; next < ids.length; next++) yield* this.#if(matches, this.#byId(ids[next]!));
  }

  nextStan(): number {
    return this.#log.takeStan();
  }

  unsaved(): number {
    return this.#unsaved.count();
  }

  nextUnsaved(): UnsavedRecord | undefined {
    const record = this.#unsaved.oldest();
    if (record === undefined) return undefined;
    const transaction = this.#transaction(record);
    if (transaction !== undefined) return { sequence: record.header.sequence, transaction };
    this.saved(record.header.sequence); // nobody could read it there either
    return this.nextUnsaved();
  }

  saved(sequence: number): void {
    this.#log.keptUpTo(Math.min(sequence, this.#log.nextSequence - 1));
  }

  restoring(): number | undefined {
    const isBlank = this.#log.index.count === 0 && (this.#history?.blocks.last ?? 0) === 0;
    return this.#log.restored ?? (isBlank ? 0 : undefined);
  }

  putBack({ stan, state, ...known }: RestoredTransaction): void {
    const { batch } = known;
    if (batch !== this.#log.batch) {
      if (this.#log.index.count > 0) throw new RangeError("transactions of two batches");
      this.#log.setBatch(batch);
    }
    if (this.find({ batch, stan }) !== undefined) return;
    if (!this.hasRoom()) throw new JournalFullError("the journal is full");
    const { original, ...rest } = known;
    const details = original === undefined ? rest : { ...rest, original: this.#ownOriginal(original) };
    const number = stateNumber(state, known.scriptNotice !== undefined);
    this.#log.putBack(stan, number, encodeTransaction(details));
    if (!states[state].final) this.#totals.add({ ...details, state });
  }

  restored(number: number | undefined): void {
    if (number !== undefined) {
      this.#log.noteRestored(number);
      return;
    }
    let highest = 0;
    for (const { stan } of this.transactions()) highest = Math.max(highest, stan);
    this.#log.keptUpTo(this.#log.nextSequence - 1);
    this.#log.noteRestored(undefined, highest === 0 ? undefined : ((highest + stansInDoubt) % 999_999) + 1);
  }

  /** An original under the id that it has here. */
  #ownOriginal({ id: _id, ...original }: OriginalTransaction): OriginalTransaction {
    const own = this.find({ batch: original.batch, stan: original.stan });
    return own === undefined ? original : { ...original, id: own.id };
  }

  /** Throws `Error` when the journal knows the transaction in another state. */
  #check({ id, state }: Transaction): void {
    const entry = this.#log.index.find(id);
    const known = entry === undefined ? this.#byId(id)?.state : this.#stateOf(entry);
    if (known !== state) throw new Error("the journal knows this transaction otherwise");
  }

  #append(before: Transaction, state: TransactionState, changes: TransactionChanges): Transaction {
    const { id, stan, state: _state, ...known } = before;
    const { scriptNotice, ...rest } = { ...known, ...changes };
    const details: TransactionDetails & TransactionChanges =
      scriptNotice === undefined ? rest : { ...rest, scriptNotice };
    const entry = this.#log.index.find(id);
    const isLater = entry === undefined || this.#summary(entry)?.isLater === true;
    const number = stateNumber(state, scriptNotice !== undefined);
    this.#log.appendTransaction(id, stan, number, encodeTransaction(details, isLater));
    const after: Transaction = Object.freeze({ ...details, id, stan, state });
    if (before.batch === this.#log.batch) {
      if (!states[before.state].final) this.#totals.subtract(before);
      if (!states[state].final) this.#totals.add(after);
    }
    return after;
  }

  moveOut(entry: IndexEntry): boolean {
    const history = this.#history;
    if (history === undefined || !history.takesOneMore || !this.#belongsToHistory(entry)) return false;
    const record = this.#log.read(entry);
    if (record === undefined) return false;
    const replaces = readSummary(record.payload)?.isLater === true ? history.find(entry.id) : undefined;
    history.append(record, replaces, this.#log.batch);
    return true;
  }

  isMoved(entry: IndexEntry): boolean {
    return entry.sequence <= (this.#history?.lastSequence ?? 0) && this.#belongsToHistory(entry);
  }

  /** True for what is over but for its settlement, and for what changes something in the history. */
  #belongsToHistory(entry: IndexEntry): boolean {
    const state = stateOf(entry.state);
    if (this.#history === undefined || state === undefined || isUnfinished(entry.state)) return false;
    const summary = this.#summary(entry);
    return summary !== undefined && (!isFinal(entry.state) || state === "settled" || summary.isLater);
  }

  isDroppable(entry: IndexEntry): boolean {
    const state = stateOf(entry.state);
    if (state === undefined || isUnfinished(entry.state)) return false;
    const summary = this.#summary(entry);
    if (isFinal(entry.state)) return summary?.isLater !== true;
    return this.#history === undefined && summary !== undefined && this.#isSettled(state, summary.batch);
  }

  #isSettled(state: TransactionState, batch: number): boolean {
    return batch !== this.#log.batch && isSettledByClosing(state);
  }

  #stateOf(entry: IndexEntry): TransactionState | undefined {
    const state = stateOf(entry.state);
    if (state === undefined || !isSettledByClosing(state)) return state;
    return this.#isSettled(state, this.#summary(entry)?.batch ?? this.#log.batch) ? "settled" : state;
  }

  #countEntry(entry: IndexEntry): void {
    const summary = this.#summary(entry);
    if (summary === undefined) return;
    this.#count(entry.state, summary, 1);
    const offset = summary.isLater ? this.#history?.find(entry.id) : undefined;
    const earlier = offset === undefined ? undefined : this.#history?.readBeginning(offset, summaryLength);
    const counted = earlier === undefined ? undefined : readSummary(earlier.payload);
    if (earlier !== undefined && counted !== undefined) this.#count(earlier.header.state, counted, -1);
  }

  #count(number: number, summary: Summary, by: 1 | -1): void {
    const state = stateOf(number);
    if (state === undefined || states[state].final || summary.batch !== this.#log.batch) return;
    if (by > 0) this.#totals.add({ ...summary, state });
    else this.#totals.subtract({ ...summary, state });
  }

  #summary(entry: IndexEntry): Summary | undefined {
    const record = this.#log.readBeginning(entry, summaryLength);
    return record === undefined ? undefined : readSummary(record.payload);
  }

  #byId(id: number): Transaction | undefined {
    const entry = this.#log.index.find(id);
    if (entry !== undefined) return this.#read(entry);
    const offset = this.#history?.find(id);
    return offset === undefined ? undefined : this.#readHistory(offset, {});
  }

  #findInRing(matches: TransactionFilter, newest = Number.POSITIVE_INFINITY): Transaction | undefined {
    const { count } = this.#log.index;
    if (isNumbered(matches) && !this.#log.some((block) => mayHold(block, matches))) return undefined;
    for (let place = count - 1; place >= Math.max(0, count - newest); place--) {
      const entry = this.#log.index.at(place);
      const beginning = this.#log.readBeginning(entry, summaryLength);
      if (beginning === undefined || !this.#mayFit(beginning, matches)) continue;
      const transaction = this.#read(entry);
      if (transaction !== undefined && fits(transaction, matches)) return transaction;
    }
    return undefined;
  }

  #findInHistory(matches: TransactionFilter): Transaction | undefined {
    const history = this.#history;
    if (history === undefined) return undefined;
    const { first } = this.#historyRange(history, matches);
    const isRare = isNumbered(matches);
    for (let block = history.blocks.last; block >= first; block--) {
      if (isRare && !mayHold(history.bytesOf(block), matches)) continue;
      const offsets = history.offsets(block);
      for (let place = offsets.length - 1; place >= 0; place--) {
        const offset = offsets[place]!;
        const { header } = history.readBeginning(offset, 0);
        if (this.#log.index.find(header.id) !== undefined || !history.isNewest(offset)) continue;
        const transaction = this.#readHistory(offset, matches);
        if (transaction !== undefined && fits(transaction, matches)) return transaction;
      }
    }
    return undefined;
  }

  #historyRange(history: History, { batch }: TransactionFilter): { readonly first: number } {
    return batch === this.#log.batch ? history.openBlocks : history.blocks;
  }

  *#if(matches: TransactionFilter, transaction: Transaction | undefined): IterableIterator<Transaction> {
    if (transaction !== undefined && fits(transaction, matches)) yield transaction;
  }

  #those(wanted: (number: number) => boolean): Transaction[] {
    const transactions: Transaction[] = [];
    for (let place = 0; place < this.#log.index.count; place++) {
      const entry = this.#log.index.at(place);
      const transaction = wanted(entry.state) ? this.#read(entry) : undefined;
      if (transaction !== undefined) transactions.push(transaction);
    }
    return transactions;
  }

  /** False where the summary shows that a record is none of those looked for: the rest need not be read. */
  #mayFit({ header, payload }: StoredRecord, matches: TransactionFilter): boolean {
    const summary = readSummary(payload);
    const state = stateOf(header.state);
    if (summary === undefined || state === undefined) return false;
    const effective = this.#isSettled(state, summary.batch) ? "settled" : state;
    return mayFit(header.stan, effective, summary, matches);
  }

  #read(entry: IndexEntry): Transaction | undefined {
    const record = this.#log.read(entry);
    return record === undefined ? undefined : this.#transaction(record);
  }

  #readHistory(offset: number, matches: TransactionFilter): Transaction | undefined {
    const history = this.#history;
    if (history === undefined || !this.#mayFit(history.readBeginning(offset, summaryLength), matches)) return undefined;
    return this.#transaction(history.read(offset));
  }

  #transaction({ header, payload }: StoredRecord): Transaction | undefined {
    try {
      const transaction = decodeTransaction(header, payload);
      const isSettled = this.#isSettled(transaction.state, transaction.batch);
      return isSettled ? Object.freeze({ ...transaction, state: "settled" }) : transaction;
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }
}
