import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";

const magic = 0x59454b58; // "XKEY"
const done = 0x454e4f44; // "DONE"
const bankHeader = 16;
const recordHead = 8;
const recordTail = 8;
const recordMark = 0x4b;
/** Names of values: 1 to 63. */
const places = 64;

/** Where a live record stands in the bank. */
interface Place {
  readonly at: number;
  readonly length: number;
}

/**
 * Small values by number in the partition "keys": two banks, of which one is in use. A value is replaced by a newer
 * record, and the older one is then overwritten with zeros; a full bank is copied to the other one. A cut at any byte
 * leaves the old value or the new one, and what was replaced is gone when the store is mounted again (README.md).
 */
export class KeyStore {
  readonly #flash: Flash;
  readonly #blockLength: number;
  readonly #bankBlocks: number;
  readonly #index: (Place | undefined)[] = new Array<Place | undefined>(places);
  #bank = -1;
  #sequence = 0;
  #end = 0;

  /** Mounts the partition; whatever is in it, this ends in a usable store. Throws `RangeError` when it is too small. */
  constructor(flash: Flash) {
    const { size, blockLength } = flash.status();
    this.#flash = flash;
    this.#blockLength = blockLength;
    this.#bankBlocks = Math.floor(size / blockLength / 2);
    if (this.#bankBlocks < 1) throw new RangeError("the partition of keys is too small");
    const sequences = [this.#sequenceOf(0), this.#sequenceOf(1)];
    if (sequences[0] === 0 && sequences[1] === 0) return;
    this.#bank = sequences[0]! > sequences[1]! ? 0 : 1;
    this.#sequence = sequences[this.#bank]!;
    if (!this.#isBlank(1 - this.#bank)) this.#eraseBank(1 - this.#bank);
    this.#scan();
  }

  /** True when nothing was ever stored, or all was wiped. */
  get isEmpty(): boolean {
    return this.#bank < 0;
  }

  has(id: number): boolean {
    return this.#index[id] !== undefined;
  }

  read(id: number): Uint8Array | undefined {
    const place = this.#index[id];
    return place === undefined ? undefined : this.#flash.read(place.length, place.at + recordHead);
  }

  /** Stores a value; returns when it is committed and the one before is overwritten. */
  put(id: number, value: Uint8Array): void {
    const before = this.#index[id];
    this.#checkRoom(id, value.length);
    if (this.#bank < 0 || this.#end + recordSize(value.length) > this.#bankLength) {
      this.#compact(id);
      this.#append(id, value);
      this.#finishCompaction();
      return;
    }
    this.#append(id, value);
    if (before !== undefined) this.#kill(before);
  }

  /** Overwrites a value with zeros. */
  erase(id: number): void {
    const place = this.#index[id];
    if (place === undefined) return;
    this.#kill(place);
    this.#index[id] = undefined;
  }

  /** Throws `RangeError` before anything is written when all that stands would not fit a bank with this value. */
  #checkRoom(id: number, length: number): void {
    let needed = bankHeader + recordSize(length);
    for (const [other, place] of this.#index.entries()) {
      if (place !== undefined && other !== id) needed += recordSize(place.length);
    }
    if (needed > this.#bankLength) throw new RangeError("no room for another key");
  }

  /** Erases the whole partition. */
  wipe(): void {
    for (const bank of [0, 1]) this.#eraseBank(bank);
    this.#index.fill(undefined);
    this.#bank = -1;
    this.#sequence = 0;
  }

  get #bankLength(): number {
    return this.#bankBlocks * this.#blockLength;
  }

  #startOf(bank: number): number {
    return bank * this.#bankLength;
  }

  /** 0 for a bank that is not whole. */
  #sequenceOf(bank: number): number {
    const bytes = this.#flash.read(bankHeader, this.#startOf(bank));
    const view = viewOf(bytes);
    const isWhole =
      view.getUint32(0, true) === magic &&
      view.getUint32(8, true) === crc32(bytes.subarray(0, 8)) &&
      view.getUint32(12, true) === done;
    return isWhole ? view.getUint32(4, true) : 0;
  }

  #isBlank(bank: number): boolean {
    return this.#flash.read(bankHeader, this.#startOf(bank)).every((byte) => byte === 0xff);
  }

  /** The block with the header goes last: as long as anything is left, the bank does not look blank. */
  #eraseBank(bank: number): void {
    this.#flash.write(new Uint8Array(bankHeader), this.#startOf(bank));
    for (let block = this.#bankBlocks - 1; block >= 0; block--) {
      this.#flash.eraseBlock(bank * this.#bankBlocks + block);
    }
  }

  /** Finds the newest record of each value; older ones that a cut has left are overwritten. */
  #scan(): void {
    const start = this.#startOf(this.#bank);
    let at = bankHeader;
    while (at + recordHead + recordTail <= this.#bankLength) {
      const head = this.#flash.read(recordHead, start + at);
      if (head.every((byte) => byte === 0xff)) break;
      const length = head[2]! | (head[3]! << 8);
      const isWhole =
        head[0] === recordMark && [0, 1, 2, 3].every((place) => (head[place]! ^ head[4 + place]!) === 0xff);
      if (!isWhole || at + recordSize(length) > this.#bankLength) {
        at = this.#bankLength; // a torn head: nothing more is written to this bank
        break;
      }
      this.#found(head[1]! % places, { at: start + at, length });
      at += recordSize(length);
    }
    this.#end = at;
  }

  #found(id: number, place: Place): void {
    const size = recordSize(place.length);
    const bytes = this.#flash.read(size, place.at);
    const view = viewOf(bytes);
    if (
      view.getUint32(size - 4, true) !== done ||
      view.getUint32(size - 8, true) !== crc32(bytes.subarray(0, size - 8))
    ) {
      if (bytes.subarray(recordHead).some((byte) => byte !== 0)) this.#kill(place);
      return;
    }
    const before = this.#index[id];
    if (before !== undefined) this.#kill(before);
    this.#index[id] = place;
  }

  #append(id: number, value: Uint8Array): void {
    const size = recordSize(value.length);
    const bytes = new Uint8Array(size - 4);
    const head = [recordMark, id, value.length & 0xff, value.length >> 8];
    bytes.set(head);
    bytes.set(
      head.map((byte) => byte ^ 0xff),
      4,
    );
    bytes.set(value, recordHead);
    viewOf(bytes).setUint32(size - 8, crc32(bytes.subarray(0, size - 8)), true);
    const at = this.#startOf(this.#bank) + this.#end;
    this.#flash.write(bytes, at);
    if (!equal(this.#flash.read(bytes.length, at), bytes)) throw new RangeError("the flash of keys is worn out");
    this.#flash.write(markOf(done), at + size - 4);
    this.#index[id] = { at, length: value.length };
    this.#end += size;
  }

  /** Zeros over value, check and mark: the head stays, so that the next record is found. */
  #kill({ at, length }: Place): void {
    this.#flash.write(new Uint8Array(recordSize(length) - recordHead), at + recordHead);
  }

  /** Copies all but one value to the other bank, which is not in use before `#finishCompaction`. */
  #compact(without: number): void {
    const next = this.#bank < 0 ? 0 : 1 - this.#bank;
    const kept = this.#index.map((place, id) => (place === undefined || id === without ? undefined : this.read(id)));
    this.#eraseBank(next);
    this.#sequence += 1;
    const header = new Uint8Array(12);
    viewOf(header).setUint32(0, magic, true);
    viewOf(header).setUint32(4, this.#sequence, true);
    viewOf(header).setUint32(8, crc32(header.subarray(0, 8)), true);
    this.#flash.write(header, this.#startOf(next));
    this.#bank = next;
    this.#end = bankHeader;
    this.#index.fill(undefined);
    for (const [id, value] of kept.entries()) if (value !== undefined) this.#append(id, value);
  }

  #finishCompaction(): void {
    this.#flash.write(markOf(done), this.#startOf(this.#bank) + 12);
    if (!this.#isBlank(1 - this.#bank)) this.#eraseBank(1 - this.#bank);
  }
}

/** A record's bytes: head, value, filler up to a multiple of 4, check, mark. */
function recordSize(length: number): number {
  return recordHead + ((length + 3) & ~3) + recordTail;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function markOf(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, word, true);
  return bytes;
}
