import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { asciiToBytes } from "../codec/text.ts";
import { TwoBanks } from "../flash/two-banks.ts";
import { doneMark, isBlank, viewOf, wordOf } from "../flash/words.ts";

const magic = "XKEY";
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
  readonly #banks: TwoBanks;
  readonly #index: (Place | undefined)[] = new Array<Place | undefined>(places);
  #end = 0;

  /** Mounts the partition; whatever is in it, this ends in a usable store. Throws `RangeError` when it is too small. */
  constructor(flash: Flash) {
    this.#flash = flash;
    this.#banks = new TwoBanks(flash, asciiToBytes(magic));
    if (this.isEmpty) return;
    this.#banks.clearOther();
    this.#scan();
  }

  /** True when nothing was ever stored, or all was wiped. */
  get isEmpty(): boolean {
    return this.#banks.bank < 0;
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
    if (this.isEmpty || this.#end + recordSize(value.length) > this.#banks.length) {
      this.#compact(id);
      this.#append(id, value);
      this.#banks.finish();
      this.#banks.clearOther();
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
    let needed = this.#banks.first + recordSize(length);
    for (const [other, place] of this.#index.entries()) {
      if (place !== undefined && other !== id) needed += recordSize(place.length);
    }
    if (needed > this.#banks.length) throw new RangeError("no room for another key");
  }

  /** Erases the whole partition. */
  wipe(): void {
    this.#banks.wipe();
    this.#index.fill(undefined);
  }

  /** Finds the newest record of each value; older ones that a cut has left are overwritten. */
  #scan(): void {
    const { start, length: bankLength, first } = this.#banks;
    let at = first;
    while (at + recordHead + recordTail <= bankLength) {
      const head = this.#flash.read(recordHead, start + at);
      if (isBlank(head)) break;
      const length = head[2]! | (head[3]! << 8);
      const isWhole =
        head[0] === recordMark && [0, 1, 2, 3].every((place) => (head[place]! ^ head[4 + place]!) === 0xff);
      if (!isWhole || at + recordSize(length) > bankLength) {
        at = bankLength; // a torn head: nothing more is written to this bank
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
      view.getUint32(size - 4, true) !== doneMark ||
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
    const at = this.#banks.start + this.#end;
    this.#flash.write(bytes, at);
    if (!equal(this.#flash.read(bytes.length, at), bytes)) throw new RangeError("the flash of keys is worn out");
    this.#flash.write(wordOf(doneMark), at + size - 4);
    this.#index[id] = { at, length: value.length };
    this.#end += size;
  }

  /** Zeros over value, check and mark: the head stays, so that the next record is found. */
  #kill({ at, length }: Place): void {
    this.#flash.write(new Uint8Array(recordSize(length) - recordHead), at + recordHead);
  }

  /** Copies all but one value to the other bank, which does not count before `finish`. */
  #compact(without: number): void {
    const kept = this.#index.map((place, id) => (place === undefined || id === without ? undefined : this.read(id)));
    this.#banks.begin();
    this.#end = this.#banks.first;
    this.#index.fill(undefined);
    for (const [id, value] of kept.entries()) if (value !== undefined) this.#append(id, value);
  }
}

/** A record's bytes: head, value, filler up to a multiple of 4, check, mark. */
function recordSize(length: number): number {
  return recordHead + ((length + 3) & ~3) + recordTail;
}
