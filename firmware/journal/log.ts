import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { blockHeaderLength, decodeBlockHeader, encodeBlockHeader, firstRecord, magics, scanBlock } from "./block.ts";
import { type IndexEntry, RecordIndex } from "./index.ts";
import {
  decodeHeader,
  doneMarkBytes,
  encodeRecord,
  headerLength,
  markLength,
  type RecordHeader,
  recordLength,
  recordTypes,
} from "./record.ts";
import { nothing } from "./summary.ts";
import { JournalFullError } from "./types.ts";

/** What the caller knows of a record; a transaction with id 0 is a new one. */
type NewRecord = Omit<RecordHeader, "length" | "sequence">;

/** A record as it was read. */
export interface StoredRecord {
  readonly header: RecordHeader;
  readonly payload: Uint8Array;
}

/** What the ring asks of the journal about a transaction's newest record. */
export interface RingRules {
  /** It may be dropped when its block is erased. */
  isDroppable(entry: IndexEntry): boolean;
  /** It stands in the history already. */
  isMoved(entry: IndexEntry): boolean;
  /** Puts it into the history, if that is where it belongs; false: it stays here. */
  moveOut(entry: IndexEntry): boolean;
}

const leastBlocks = 4;
/** Of a counter's payload: the open batch, and how far a restore has come. */
const counterLength = 8;
/** A worn cell spoils one place, not the next: a record is tried at so many before the flash counts as broken. */
const attempts = 4;

/**
 * Records in a ring of flash blocks. The block behind the head never holds a record that is still needed, so that it
 * can always be erased; what is still needed of the one behind that moves to the history or is copied to a new head
 * before anything else is written there. README.md has the format and what each cut leaves.
 */
export class RecordLog {
  readonly #flash: Flash;
  readonly #rules: RingRules;
  readonly #blockLength: number;
  readonly #blockCount: number;
  /** The sequence of each block in use, 0 for the others. */
  readonly #inUse: Uint32Array;
  readonly index = new RecordIndex();
  readonly #firstBatch: number;
  #head = -1;
  #headReady = false;
  #end = 0;
  #nextRecord = 1;
  #nextStan = 1;
  #batch: number;
  #backedUp = 0;
  #restored: number | undefined;
  #damaged = 0;

  /** Looks what is in the partition; `begin` makes it usable. */
  constructor(flash: Flash, firstBatch: number, rules: RingRules) {
    const { size, blockLength } = flash.status();
    this.#flash = flash;
    this.#rules = rules;
    this.#blockLength = blockLength;
    this.#blockCount = Math.floor(size / blockLength);
    if (this.#blockCount < leastBlocks) throw new RangeError("the journal's partition is too small");
    this.#inUse = new Uint32Array(this.#blockCount);
    this.#firstBatch = firstBatch;
    this.#batch = firstBatch;
    this.#scan();
  }

  /** Whatever is in the partition, this ends in a usable log. No record gets a sequence below `leastSequence`. */
  begin(leastSequence: number): void {
    this.#nextRecord = Math.max(this.#nextRecord, leastSequence);
    this.#forgetMoved();
    if (this.#head < 0 || this.#headReady) return;
    if (this.#needed(this.#behind(this.#head)).length === 0) {
      this.#flash.write(doneMarkBytes(), this.#head * this.#blockLength + blockHeaderLength);
      return;
    }
    // The power went while the head was new: it holds nothing but copies, which are made again.
    this.#giveUp(this.#head);
    this.#scan();
    this.#nextRecord = Math.max(this.#nextRecord, leastSequence);
    this.#forgetMoved();
  }

  /** Records that had changed since they were committed when the partition was mounted. */
  get damaged(): number {
    return this.#damaged;
  }

  /** The batch that is open. */
  get batch(): number {
    return this.#batch;
  }

  /** The record sequence up to which the host keeps a backup. */
  get backedUp(): number {
    return this.#backedUp;
  }

  /** The host's number up to which a restore has come that is not finished. */
  get restored(): number | undefined {
    return this.#restored;
  }

  /** Sequence of the next record. */
  get nextSequence(): number {
    return this.#nextRecord;
  }

  /** True while the ring takes one more transaction that stays, beside those for which `stays` is true. */
  hasRoom(stays: (entry: IndexEntry) => boolean): boolean {
    const longest = this.#blockLength >> 2;
    let needed = 2 * longest;
    for (let place = 0; place < this.index.count; place++) {
      const entry = this.index.at(place);
      if (stays(entry)) needed += recordLength(this.#header(entry)?.length ?? longest);
    }
    return needed <= (this.#blockCount - 3) * (this.#blockLength - firstRecord - longest);
  }

  /** Appends the first record of a transaction with the next STAN; gives both when it is committed. */
  openTransaction(state: number, payload: Uint8Array): { id: number; stan: number } {
    const stan = this.#nextStan;
    return { id: this.#append({ type: recordTypes.transaction, state, id: 0, stan }, payload), stan };
  }

  /** Appends a transaction's newest record; returns when it is committed. */
  appendTransaction(id: number, stan: number, state: number, payload: Uint8Array): void {
    this.#append({ type: recordTypes.transaction, state, id, stan }, payload);
  }

  /** Appends the first record here of a transaction that another terminal made; gives its id. */
  putBack(stan: number, state: number, payload: Uint8Array): number {
    return this.#append({ type: recordTypes.transaction, state, id: 0, stan }, payload);
  }

  /** Takes the next STAN and writes that it is taken. */
  takeStan(): number {
    const stan = this.#nextStan;
    this.#count(following(stan), this.#batch);
    return stan;
  }

  /** Writes how far a restore has come; `undefined`: it is finished, and STANs go on from there. */
  noteRestored(number: number | undefined, nextStan = this.#nextStan): void {
    this.#restored = number;
    this.#count(nextStan, this.#batch);
  }

  /** Writes that another batch is open from now on. */
  setBatch(batch: number): void {
    this.#count(this.#nextStan, batch);
  }

  /** Notes how far the host keeps a backup; it reaches flash with the next counter or block. */
  keptUpTo(sequence: number): void {
    this.#backedUp = Math.max(this.#backedUp, sequence);
  }

  /** Header and payload of the record an entry names. */
  read(entry: IndexEntry): StoredRecord | undefined {
    const header = this.#header(entry);
    if (header === undefined) return undefined;
    return { header, payload: this.#flash.read(header.length, entry.offset + headerLength) };
  }

  /** The header of the record an entry names and as many bytes of its payload. */
  readBeginning(entry: IndexEntry, byteLength: number): StoredRecord | undefined {
    const bytes = this.#flash.read(headerLength + byteLength, entry.offset);
    const header = decodeHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    return header === undefined ? undefined : { header, payload: bytes.subarray(headerLength) };
  }

  /** Whether one of the blocks has that to it. */
  some(hasIt: (block: Uint8Array) => boolean): boolean {
    for (let block = 0; block < this.#blockCount; block++) {
      if (this.#inUse[block] !== 0 && hasIt(this.#flash.read(this.#blockLength, block * this.#blockLength)))
        return true;
    }
    return false;
  }

  #header(entry: IndexEntry): RecordHeader | undefined {
    return this.readBeginning(entry, 0)?.header;
  }

  #count(nextStan: number, batch: number): void {
    const payload = new Uint8Array(counterLength);
    const view = new DataView(payload.buffer);
    view.setUint32(0, batch, true);
    view.setUint32(4, this.#restored ?? nothing, true);
    this.#append({ type: recordTypes.counter, state: 0, id: this.#backedUp, stan: nextStan }, payload);
  }

  #scan(): void {
    this.index.clear();
    this.#head = -1;
    this.#nextRecord = 1;
    this.#nextStan = 1;
    this.#batch = this.#firstBatch;
    this.#restored = undefined;
    this.#damaged = 0;
    for (const block of this.#blocks()) {
      const start = block * this.#blockLength;
      const bytes = this.#flash.read(this.#blockLength, start);
      const header = decodeBlockHeader(magics.ring, bytes);
      if (header === undefined) continue;
      this.#head = block;
      this.#nextRecord = Math.max(this.#nextRecord, header.nextRecord);
      this.#nextStan = header.nextStan;
      this.#batch = header.batch;
      this.#backedUp = Math.max(this.#backedUp, header.backedUp);
      const scan = scanBlock(bytes, 0, (record, offset) =>
        this.#found(
          record,
          start + offset,
          bytes.subarray(offset + headerLength, offset + headerLength + record.length),
        ),
      );
      this.#end = scan.end;
      this.#headReady = header.ready;
      this.#damaged += scan.damaged;
      this.#nextRecord = Math.max(this.#nextRecord, scan.highest + 1);
    }
  }

  #forgetMoved(): void {
    for (let place = this.index.count - 1; place >= 0; place--) {
      const entry = this.index.at(place);
      if (this.#rules.isMoved(entry)) this.index.remove(entry.id);
    }
  }

  /** Looks which blocks are in use; gives them in the order in which they were written. */
  #blocks(): Uint32Array {
    const inUse = this.#inUse;
    const blocks = new Uint32Array(this.#blockCount);
    let count = 0;
    for (let block = 0; block < this.#blockCount; block++) {
      const bytes = this.#flash.read(firstRecord, block * this.#blockLength);
      inUse[block] = decodeBlockHeader(magics.ring, bytes)?.sequence ?? 0;
      if (inUse[block] !== 0) blocks[count++] = block;
    }
    return blocks.subarray(0, count).sort((a, b) => inUse[a]! - inUse[b]!);
  }

  #found(header: RecordHeader, offset: number, payload: Uint8Array): void {
    const { type, id, sequence, state, stan } = header;
    if (type === recordTypes.counter && payload.length === counterLength) {
      const view = new DataView(payload.buffer, payload.byteOffset, counterLength);
      const restored = view.getUint32(4, true);
      this.#nextStan = stan;
      this.#batch = view.getUint32(0, true);
      this.#restored = restored === nothing ? undefined : restored;
      this.#backedUp = Math.max(this.#backedUp, id);
    } else if (type === recordTypes.transaction) {
      this.index.put({ id, offset, state, sequence });
      if (id === sequence) this.#nextStan = following(stan);
    }
  }

  /** Writes a record where the flash keeps it; gives the transaction's id, the record's sequence when it was 0. */
  #append(header: NewRecord, payload: Uint8Array): number {
    const length = recordLength(payload.length);
    if (length > this.#blockLength >> 2) throw new RangeError("record too long for the journal");
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.#makeRoom(length);
      const id = this.#write(header, payload);
      if (id !== undefined) return id;
    }
    throw new Error("the journal's flash does not keep what is written");
  }

  /** Writes a record at the end of the head; undefined when the flash did not keep it. */
  #write(header: NewRecord, payload: Uint8Array): number | undefined {
    const offset = this.#head * this.#blockLength + this.#end;
    const sequence = this.#nextRecord++;
    const id = header.id === 0 && header.type === recordTypes.transaction ? sequence : header.id;
    const record = encodeRecord({ ...header, id, sequence }, payload);
    this.#end += record.length + markLength;
    this.#flash.write(record, offset);
    if (crc32(this.#flash.read(record.length, offset)) !== crc32(record)) return undefined;
    this.#flash.write(doneMarkBytes(), offset + record.length);
    this.#found({ ...header, id, sequence, length: payload.length }, offset, payload);
    return id;
  }

  #makeRoom(length: number): void {
    for (let round = 0; round < this.#blockCount; round++) {
      if (this.#head >= 0 && this.#end + length <= this.#blockLength) return;
      this.#openBlock();
    }
    throw new JournalFullError("the journal is full");
  }

  /** Takes the block behind the head into use and moves out of the next one what it still holds. */
  #openBlock(): void {
    const block = this.#behind(this.#head);
    const next = this.#behind(block);
    if (this.#head >= 0) this.#moveOut(next);
    const sequence = this.#head < 0 ? 1 : this.#inUse[this.#head]! + 1;
    this.#giveUp(block);
    const start = block * this.#blockLength;
    const header = encodeBlockHeader(magics.ring, {
      sequence,
      nextRecord: this.#nextRecord,
      nextStan: this.#nextStan,
      batch: this.#batch,
      backedUp: this.#backedUp,
    });
    this.#flash.write(header, start);
    this.#inUse[block] = sequence;
    this.#head = block;
    this.#end = firstRecord;
    for (const entry of this.#needed(next)) {
      const record = this.read(entry);
      if (record !== undefined) this.#copy(record.header, record.payload);
    }
    this.#flash.write(doneMarkBytes(), start + blockHeaderLength);
  }

  /**
   * Moves what belongs there to the history, in the order of the records' sequences: what stands in the history with a
   * sequence tells that all before it have been moved too.
   */
  #moveOut(block: number): void {
    for (const entry of this.#entriesIn(block)) {
      if (this.#rules.moveOut(entry)) this.index.remove(entry.id);
    }
  }

  #copy(header: RecordHeader, payload: Uint8Array): void {
    const { type, state, id, stan } = header;
    const length = recordLength(payload.length);
    for (let attempt = 0; attempt < attempts && this.#end + length <= this.#blockLength; attempt++) {
      if (this.#write({ type, state, id, stan }, payload) !== undefined) return;
    }
    throw new Error("the journal's flash does not keep what is written");
  }

  /** Erases a block. It stops counting as a whole first, so that a cut cannot leave half of its history. */
  #giveUp(block: number): void {
    const start = block * this.#blockLength;
    if (this.#inUse[block] !== 0) this.#flash.write(new Uint8Array(blockHeaderLength), start);
    this.#inUse[block] = 0;
    this.index.drop(start, start + this.#blockLength);
    this.#flash.eraseBlock(block);
  }

  #behind(block: number): number {
    return (block + 1) % this.#blockCount;
  }

  /** The newest records in a block that must not be lost: those that may not be dropped, and the last transaction. */
  #needed(block: number): IndexEntry[] {
    const last = this.index.count === 0 ? 0 : this.index.at(this.index.count - 1).id;
    return this.#entriesIn(block).filter((entry) => entry.id === last || !this.#rules.isDroppable(entry));
  }

  /** The newest records in a block, by sequence. */
  #entriesIn(block: number): IndexEntry[] {
    const start = block * this.#blockLength;
    const entries: IndexEntry[] = [];
    for (let place = 0; place < this.index.count; place++) {
      const entry = this.index.at(place);
      if (entry.offset >= start && entry.offset < start + this.#blockLength) entries.push(entry);
    }
    return entries.sort((a, b) => a.sequence - b.sequence);
  }
}

/** The number after this one, of STANs and of batches: 1 to 999999. */
export function following(number: number): number {
  return number >= 999_999 ? 1 : number + 1;
}
