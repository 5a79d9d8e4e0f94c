import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { isBlank } from "../flash/words.ts";
import { decodeBlockHeader, encodeBlockHeader, firstRecord, magics, scanBlock } from "./block.ts";
import { IdRanges } from "./id-ranges.ts";
import type { StoredRecord } from "./log.ts";
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
import { nothing, replacesOffset, summaryLength } from "./summary.ts";

/** What a mount finds of the open batch: each record that nothing has replaced. */
export type Found = (record: StoredRecord) => void;

/** Two words behind each record: where the record stands that replaces it, and that number's complement. */
const linkLength = 8;
const leastBlocks = 4;
/** A worn cell spoils one place, not the next: a record is tried at so many before the flash counts as broken. */
const attempts = 4;
/** How often a transaction can have changed that stands here. */
const mostHops = 1_000;

/**
 * Transactions that are over but for their settlement, appended to a ring of flash blocks that is written strictly in
 * order, so that all its blocks wear alike. Blocks of closed batches are taken into use again, oldest first; until then
 * they can be read. No index: a few words for some blocks each say which ids stand there. README.md has the format.
 */
export class History {
  readonly #flash: Flash;
  readonly #blockLength: number;
  readonly #blockCount: number;
  readonly #ranges: IdRanges;
  #head = -1;
  /** Sequences of the newest and of the oldest block in use, and of the oldest that may hold records of the open batch. */
  #newest = 0;
  #oldest = 1;
  #firstOpen = 1;
  #end = 0;
  #lastSequence = 0;
  #lastId = 0;
  #damaged = 0;

  constructor(flash: Flash) {
    const { size, blockLength } = flash.status();
    this.#flash = flash;
    this.#blockLength = blockLength;
    this.#blockCount = Math.floor(size / blockLength);
    if (this.#blockCount < leastBlocks) throw new RangeError("the history's partition is too small");
    this.#ranges = new IdRanges(this.#blockCount);
  }

  /** Record sequence (of the ring) of the newest transaction here: all that belongs here and is older is here. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** The highest id here; of what stands in blocks of closed batches only since the terminal started. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Records of the open batch that had changed since they were committed when the partition was mounted. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Sequences of the blocks that may hold records of the open batch, and of all that can be read. */
  get openBlocks(): { readonly first: number; readonly last: number } {
    return { first: this.#firstOpen, last: this.#newest };
  }

  get blocks(): { readonly first: number; readonly last: number } {
    return { first: this.#oldest, last: this.#newest };
  }

  /** Where the next record goes: the block's sequence and the offset. */
  get end(): { readonly block: number; readonly offset: number } {
    return { block: this.#newest, offset: this.#head * this.#blockLength + this.#end };
  }

  /** Bytes that records of the open batch take, and that are left for it; ends of blocks left out. */
  get room(): { readonly used: number; readonly left: number } {
    const usable = this.#blockLength - firstRecord;
    const open = this.#newest === 0 ? 0 : this.#newest - this.#firstOpen + 1;
    const inHead = this.#newest === 0 ? 0 : this.#blockLength - this.#end;
    return { used: open * usable - inHead, left: (this.#blockCount - open) * usable + inHead };
  }

  /** True while a record of any length is sure to fit. */
  get takesOneMore(): boolean {
    return this.#blockLength - this.#end >= this.#longest || this.#newest - this.#firstOpen + 1 < this.#blockCount;
  }

  get #longest(): number {
    return (this.#blockLength >> 2) + linkLength;
  }

  /** Reads the blocks of the open batch. Whatever is in the partition, this ends in a usable history. */
  mount(batch: number, found: Found): void {
    this.#findBlocks(batch);
    this.#finishLastLink();
    for (let block = this.#firstOpen; block <= this.#newest; block++) {
      const bytes = this.#flash.read(this.#blockLength, this.#startOf(block));
      const header = decodeBlockHeader(magics.history, bytes);
      if (header?.sequence !== block) {
        this.#damaged++;
        continue;
      }
      this.#lastSequence = Math.max(this.#lastSequence, header.nextRecord - 1);
      const scan = scanBlock(bytes, linkLength, (record, at) => {
        if (record.type !== recordTypes.transaction) return;
        this.#put(this.#placeOf(block), record);
        if (linkIn(bytes, at + recordLength(record.length)) !== "open") return;
        found({ header: record, payload: bytes.subarray(at + headerLength, at + headerLength + record.length) });
      });
      this.#damaged += scan.damaged;
      this.#end = scan.end;
    }
  }

  /** The batch was closed: what stands here may be overwritten, oldest first. */
  closed(): void {
    this.#firstOpen = Math.max(1, this.#newest);
  }

  /**
   * Appends a transaction's record as it stands in the ring. What it replaces here is linked to it afterwards: a mount
   * makes up for a link that a power cut prevented.
   */
  append(record: StoredRecord, replaces: number | undefined, batch: number): void {
    const { header } = record;
    const payload = record.payload.slice();
    new DataView(payload.buffer).setUint32(replacesOffset, replaces ?? nothing, true);
    const length = recordLength(payload.length) + linkLength;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.#head < 0 || this.#end + length > this.#blockLength) this.#openBlock(batch);
      const offset = this.#write(header, payload);
      if (offset === undefined) continue;
      this.#put(this.#head, header);
      if (replaces !== undefined) this.#link(replaces, offset);
      return;
    }
    throw new Error("the journal's flash does not keep what is written");
  }

  /** Offset of the newest record of a transaction. */
  find(id: number): number | undefined {
    for (let block = this.#newest; block >= this.#oldest; block--) {
      if (!this.#ranges.mayHold(this.#placeOf(block), id)) continue;
      for (const offset of this.offsets(block)) {
        const newest = this.readBeginning(offset, 0).header.id === id ? this.#follow(offset, id) : undefined;
        if (newest !== undefined) return newest;
      }
    }
    return undefined;
  }

  /** The sequence that a block's first record had at least; undefined where its header does not read. */
  nextRecordOf(block: number): number | undefined {
    return decodeBlockHeader(magics.history, this.#flash.read(firstRecord, this.#startOf(block)))?.nextRecord;
  }

  /** True where no other record replaces this one. */
  isNewest(offset: number): boolean {
    return linkIn(this.#flash.read(linkLength, this.#linkOf(offset)), 0) === "open";
  }

  /** Where the committed records of a block begin, oldest first; none of a block that is no longer in use. */
  offsets(block: number): readonly number[] {
    if (block < this.#oldest || block > this.#newest) return [];
    const start = this.#startOf(block);
    const bytes = this.#flash.read(this.#blockLength, start);
    const offsets: number[] = [];
    if (decodeBlockHeader(magics.history, bytes)?.sequence !== block) return offsets;
    scanBlock(bytes, linkLength, ({ type }, at) => {
      if (type === recordTypes.transaction) offsets.push(start + at);
    });
    return offsets;
  }

  /** A block as it stands in flash. */
  bytesOf(block: number): Uint8Array {
    return this.#flash.read(this.#blockLength, this.#startOf(block));
  }

  /**
   * What to read for a record when records are gone through in order: the newest record of its transaction in the place
   * of the first; undefined for one that was met there.
   */
  inItsPlace(offset: number): number | undefined {
    const replaces = this.#replacedBy(offset);
    if (replaces !== undefined && linkIn(this.#flash.read(linkLength, this.#linkOf(replaces)), 0) === offset) {
      return undefined;
    }
    return this.#follow(offset, this.readBeginning(offset, 0).header.id);
  }

  /** Records from a block on that stand here now: each transaction once, its newest record when its turn comes. */
  *inOrder(first: number): IterableIterator<number> {
    const end = this.end;
    for (let block = first; block <= end.block; block++) {
      for (const offset of this.offsets(block)) {
        if (block < this.#oldest || (block === end.block && offset >= end.offset)) break;
        const place = this.inItsPlace(offset);
        if (place !== undefined) yield place;
      }
    }
  }

  /** A record's header and as many bytes of its payload. The offset is one of `offsets`, `find` or `inItsPlace`. */
  readBeginning(offset: number, byteLength: number): StoredRecord {
    const bytes = this.#flash.read(headerLength + byteLength, offset);
    const header = decodeHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    if (header === undefined) throw new Error("the journal's flash has changed");
    return { header, payload: bytes.subarray(headerLength) };
  }

  read(offset: number): StoredRecord {
    const { header } = this.readBeginning(offset, 0);
    return { header, payload: this.#flash.read(header.length, offset + headerLength) };
  }

  /** Finds the blocks in use, which follow each other in the ring, and where the open batch begins. */
  #findBlocks(batch: number): void {
    this.#head = -1;
    this.#newest = 0;
    this.#damaged = 0;
    const sequences = new Uint32Array(this.#blockCount);
    const isOpen = new Uint8Array(this.#blockCount);
    for (let place = 0; place < this.#blockCount; place++) {
      const beginning = this.#beginning(place);
      const header = decodeBlockHeader(magics.history, beginning);
      if (header === undefined && isBlank(beginning) && this.#isFirstLapBehind(place)) break;
      if (header === undefined) continue;
      sequences[place] = header.sequence;
      isOpen[place] = header.batch === batch ? 1 : 0;
      if (header.sequence > this.#newest) {
        this.#newest = header.sequence;
        this.#head = place;
      }
    }
    this.#oldest = this.#newest;
    this.#firstOpen = this.#newest;
    let sawClosed = this.#head >= 0 && isOpen[this.#head] === 0;
    for (let back = 1; back < this.#blockCount && back < this.#newest; back++) {
      const place = (this.#head - back + this.#blockCount) % this.#blockCount;
      if (sequences[place] !== this.#newest - back) continue;
      this.#oldest = this.#newest - back;
      if (!sawClosed) this.#firstOpen = this.#oldest;
      sawClosed ||= isOpen[place] === 0;
    }
    this.#oldest = Math.max(1, this.#oldest);
    this.#firstOpen = Math.max(1, this.#firstOpen);
    for (let block = this.#oldest; block < this.#firstOpen; block++) this.#ranges.unknown(this.#placeOf(block));
  }

  /**
   * True where nothing behind a blank block was ever written. Three blank ones say so: in a later lap there is at most
   * one, in front of the oldest, and one that damage has blanked must not hide those behind it.
   */
  #isFirstLapBehind(place: number): boolean {
    const last = this.#blockCount - 1;
    return isBlank(this.#beginning(Math.min(place + 1, last))) && isBlank(this.#beginning(last));
  }

  #beginning(place: number): Uint8Array {
    return this.#flash.read(firstRecord, place * this.#blockLength);
  }

  #write(header: RecordHeader, payload: Uint8Array): number | undefined {
    const offset = this.#head * this.#blockLength + this.#end;
    const record = encodeRecord(header, payload);
    this.#end += record.length + markLength + linkLength;
    this.#flash.write(record, offset);
    if (crc32(this.#flash.read(record.length, offset)) !== crc32(record)) return undefined;
    this.#flash.write(doneMarkBytes(), offset + record.length);
    return offset;
  }

  /** Takes the next block of the ring into use. The caller has seen that it holds nothing of the open batch. */
  #openBlock(batch: number): void {
    const place = (this.#head + 1) % this.#blockCount;
    if (this.#newest - this.#firstOpen + 1 >= this.#blockCount) throw new Error("the journal's history is full");
    if (this.#newest - this.#oldest + 1 === this.#blockCount) {
      // It stops counting as a whole first, so that a cut cannot leave half of it.
      this.#flash.write(new Uint8Array(firstRecord), place * this.#blockLength);
      this.#oldest++;
      this.#firstOpen = Math.max(this.#firstOpen, this.#oldest);
    }
    this.#flash.eraseBlock(place);
    const header = encodeBlockHeader(magics.history, {
      sequence: this.#newest + 1,
      nextRecord: this.#lastSequence + 1,
      nextStan: 0,
      batch,
      backedUp: 0,
    });
    this.#flash.write(header, place * this.#blockLength);
    this.#newest++;
    this.#head = place;
    this.#end = firstRecord;
  }

  #put(place: number, { id, sequence }: RecordHeader): void {
    this.#ranges.put(place, id);
    this.#lastId = Math.max(this.#lastId, id);
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  /** Where in the ring the block of a sequence stands. */
  #placeOf(block: number): number {
    return (((this.#head - (this.#newest - block)) % this.#blockCount) + this.#blockCount) % this.#blockCount;
  }

  #startOf(block: number): number {
    return this.#placeOf(block) * this.#blockLength;
  }

  /** The power may have gone between the last record and the link to it. */
  #finishLastLink(): void {
    for (let block = this.#newest; block >= this.#firstOpen; block--) {
      const offset = this.offsets(block).at(-1);
      if (offset === undefined) continue;
      const replaces = this.#replacedBy(offset);
      if (replaces !== undefined) this.#link(replaces, offset);
      return;
    }
  }

  /** Offset of the record that this one replaces, where it still stands. */
  #replacedBy(offset: number): number | undefined {
    const { header, payload } = this.readBeginning(offset, summaryLength);
    const replaces = new DataView(payload.buffer, payload.byteOffset, summaryLength).getUint32(replacesOffset, true);
    return this.#idAt(replaces) === header.id ? replaces : undefined;
  }

  /** Id of the record at an offset that may be of a block that was overwritten since. */
  #idAt(offset: number): number | undefined {
    if (offset > this.#blockCount * this.#blockLength - headerLength) return undefined;
    const bytes = this.#flash.read(headerLength, offset);
    return decodeHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)?.id;
  }

  #link(from: number, to: number): void {
    const at = this.#linkOf(from);
    const link = new Uint8Array(linkLength);
    const view = new DataView(link.buffer);
    view.setUint32(0, to, true);
    view.setUint32(4, ~to, true);
    if (this.#flash.read(linkLength, at).some((byte, place) => byte !== link[place])) this.#flash.write(link, at);
  }

  #linkOf(offset: number): number {
    return offset + recordLength(this.readBeginning(offset, 0).header.length);
  }

  /** The newest record of a transaction from one of its records on; undefined where a link cannot be read. */
  #follow(offset: number, id: number): number | undefined {
    let at = offset;
    for (let hop = 0; hop < mostHops; hop++) {
      const link = linkIn(this.#flash.read(linkLength, this.#linkOf(at)), 0);
      if (link === "open") return at;
      if (link === "spoilt" || link === at || this.#idAt(link) !== id) return undefined;
      at = link;
    }
    return undefined;
  }
}

/** Where the record stands that replaces the one before this link. */
function linkIn(bytes: Uint8Array, at: number): number | "open" | "spoilt" {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, linkLength);
  const to = view.getUint32(0, true);
  const complement = view.getUint32(4, true);
  if (to === nothing && complement === nothing) return "open";
  return ~to >>> 0 === complement ? to : "spoilt";
}
