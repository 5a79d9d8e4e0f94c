import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { blockHeaderLength, decodeBlockHeader, encodeBlockHeader, firstRecord, scanBlock } from "./block.ts";
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
import { JournalFullError } from "./types.ts";

/** What the caller knows of a record; a transaction with id 0 is a new one. */
type NewRecord = Omit<RecordHeader, "length" | "sequence">;

/** Says whether a transaction may be dropped when its block is erased. */
export type IsFinal = (entry: IndexEntry) => boolean;

const leastBlocks = 4;
/** A worn cell spoils one place, not the next: a record is tried at so many before the flash counts as broken. */
const attempts = 4;

/**
 * Records in a ring of flash blocks. The block behind the head never holds a record that is still needed, so that it
 * can always be erased; what is still needed of the one behind that is copied to a new head before anything else is
 * written there. README.md has the format and what each cut leaves.
 */
export class RecordLog {
  readonly #flash: Flash;
  readonly #isFinal: IsFinal;
  readonly #blockLength: number;
  readonly #blockCount: number;
  /** The sequence of each block in use, 0 for the others. */
  readonly #inUse: Uint32Array;
  readonly index = new RecordIndex();
  #head = -1;
  #headReady = false;
  #end = 0;
  #nextRecord = 1;
  #nextStan = 1;
  #damaged = 0;

  /** Mounts the partition. Whatever is in it, this ends in a usable log. */
  constructor(flash: Flash, isFinal: IsFinal) {
    const { size, blockLength } = flash.status();
    this.#flash = flash;
    this.#isFinal = isFinal;
    this.#blockLength = blockLength;
    this.#blockCount = Math.floor(size / blockLength);
    if (this.#blockCount < leastBlocks) throw new RangeError("the journal's partition is too small");
    this.#inUse = new Uint32Array(this.#blockCount);
    this.#mount();
    if (this.#head >= 0 && !this.#headReady) this.#finishHead();
  }

  /** Records that had changed since they were committed when the partition was mounted. */
  get damaged(): number {
    return this.#damaged;
  }

  /** True while there is room for one more transaction that is never dropped. */
  get hasRoom(): boolean {
    const longest = this.#blockLength >> 2;
    let needed = 2 * longest;
    for (let place = 0; place < this.index.count; place++) {
      const entry = this.index.at(place);
      if (!this.#isFinal(entry)) needed += recordLength(entry.length);
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

  /** Takes the next STAN and writes that it is taken. */
  takeStan(): number {
    const stan = this.#nextStan;
    this.#append({ type: recordTypes.counter, state: 0, id: 0, stan: following(stan) }, new Uint8Array(0));
    return stan;
  }

  /** Header and payload of the record an entry names. */
  read(entry: IndexEntry): { header: RecordHeader; payload: Uint8Array } | undefined {
    const bytes = this.#flash.read(headerLength + entry.length, entry.offset);
    const header = decodeHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    return header === undefined ? undefined : { header, payload: bytes.subarray(headerLength) };
  }

  #mount(): void {
    this.index.clear();
    this.#head = -1;
    this.#nextRecord = 1;
    this.#nextStan = 1;
    this.#damaged = 0;
    for (const block of this.#blocks()) {
      const start = block * this.#blockLength;
      const bytes = this.#flash.read(this.#blockLength, start);
      const header = decodeBlockHeader(bytes);
      if (header === undefined) continue;
      this.#head = block;
      this.#nextRecord = Math.max(this.#nextRecord, header.nextRecord);
      this.#nextStan = header.nextStan;
      const scan = scanBlock(bytes, (record, offset) => this.#found(record, start + offset));
      this.#end = scan.end;
      this.#headReady = header.ready;
      this.#damaged += scan.damaged;
      this.#nextRecord = Math.max(this.#nextRecord, scan.highest + 1);
    }
  }

  /** The power went while the head was new: it holds nothing but copies, and unless all are there they are made again. */
  #finishHead(): void {
    if (this.#needed(this.#behind(this.#head)).length === 0) {
      this.#flash.write(doneMarkBytes(), this.#head * this.#blockLength + blockHeaderLength);
    } else {
      this.#giveUp(this.#head);
      this.#mount();
    }
  }

  /** Looks which blocks are in use; gives them in the order in which they were written. */
  #blocks(): Uint32Array {
    const inUse = this.#inUse;
    const blocks = new Uint32Array(this.#blockCount);
    let count = 0;
    for (let block = 0; block < this.#blockCount; block++) {
      inUse[block] = decodeBlockHeader(this.#flash.read(firstRecord, block * this.#blockLength))?.sequence ?? 0;
      if (inUse[block] !== 0) blocks[count++] = block;
    }
    return blocks.subarray(0, count).sort((a, b) => inUse[a]! - inUse[b]!);
  }

  #found(header: RecordHeader, offset: number): void {
    if (header.type === recordTypes.counter) {
      this.#nextStan = header.stan;
    } else if (header.type === recordTypes.transaction) {
      this.index.put({ id: header.id, offset, length: header.length, state: header.state });
      if (header.id === header.sequence) this.#nextStan = following(header.stan);
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
    this.#found({ ...header, id, sequence, length: payload.length }, offset);
    return id;
  }

  #makeRoom(length: number): void {
    for (let round = 0; round < this.#blockCount; round++) {
      if (this.#head >= 0 && this.#end + length <= this.#blockLength) return;
      this.#openBlock();
    }
    throw new JournalFullError("the journal is full");
  }

  /** Takes the block behind the head into use and copies to it what the next one still holds. */
  #openBlock(): void {
    const block = this.#behind(this.#head);
    const sequence = this.#head < 0 ? 1 : this.#inUse[this.#head]! + 1;
    this.#giveUp(block);
    const start = block * this.#blockLength;
    const header = encodeBlockHeader({ sequence, nextRecord: this.#nextRecord, nextStan: this.#nextStan });
    this.#flash.write(header, start);
    this.#inUse[block] = sequence;
    this.#head = block;
    this.#end = firstRecord;
    for (const entry of this.#needed(this.#behind(block))) {
      const record = this.read(entry);
      if (record !== undefined) this.#copy(record.header, record.payload);
    }
    this.#flash.write(doneMarkBytes(), start + blockHeaderLength);
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

  /** The newest records in a block that must not be lost: those not final, and the last transaction. */
  #needed(block: number): IndexEntry[] {
    const start = block * this.#blockLength;
    const entries: IndexEntry[] = [];
    for (let place = 0; place < this.index.count; place++) {
      const entry = this.index.at(place);
      if (entry.offset < start || entry.offset >= start + this.#blockLength) continue;
      if (!this.#isFinal(entry) || place === this.index.count - 1) entries.push(entry);
    }
    return entries;
  }
}

function following(stan: number): number {
  return stan >= 999_999 ? 1 : stan + 1;
}
