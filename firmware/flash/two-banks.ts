import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { doneMark, isBlank, viewOf, wordOf } from "./words.ts";

/** Bytes of a header behind the prefix: sequence, check, mark. */
const headerRest = 12;

/**
 * The two halves of a partition, of which one counts. A bank begins with its owner's prefix (magic, version), a sequence
 * number, the CRC-32 of both, and a mark; words of 32 bits, little-endian. The mark is programmed last, when all is in
 * the bank that it is to hold: a cut before leaves the other bank counting. Of two that count the newer one does.
 */
export class TwoBanks {
  readonly flash: Flash;
  /** Bytes of a bank. */
  readonly length: number;
  /** Offset in a bank of the first byte that is its owner's. */
  readonly first: number;
  /** The one that counts, or is being filled: 0 or 1; -1: none. */
  bank = -1;
  readonly #prefix: Uint8Array;
  #sequence = 0;

  /**
   * Looks which bank counts; nothing is written.
   * @param prefix 4 or 8 bytes
   * Throws `RangeError` where there are no two blocks.
   */
  constructor(flash: Flash, prefix: Uint8Array) {
    const { size, blockLength } = flash.status();
    this.flash = flash;
    this.#prefix = prefix;
    this.length = Math.floor(size / blockLength / 2) * blockLength;
    this.first = prefix.length + headerRest;
    if (this.length === 0) throw new RangeError("two banks need two blocks");
    const [first, second] = [this.sequenceOf(0), this.sequenceOf(1)];
    if (first === 0 && second === 0) return;
    this.bank = first > second ? 0 : 1;
    this.#sequence = Math.max(first, second);
  }

  /** Offset in the partition of the bank that counts. */
  get start(): number {
    return this.bank * this.length;
  }

  /** Of a bank that counts; 0 of one that does not. */
  sequenceOf(bank: number): number {
    const bytes = this.flash.read(this.first, bank * this.length);
    const words = viewOf(bytes);
    const check = this.first - 8;
    const counts =
      this.#prefix.every((byte, place) => bytes[place] === byte) &&
      words.getUint32(check, true) === crc32(bytes.subarray(0, check)) &&
      words.getUint32(check + 4, true) === doneMark;
    return counts ? words.getUint32(check - 4, true) : 0;
  }

  /** Erases a bank; nothing in it counts from the first operation on, and it looks blank only after the last one. */
  erase(bank: number): void {
    const blocks = this.length / this.flash.status().blockLength;
    this.flash.write(new Uint8Array(this.first), bank * this.length);
    for (let block = blocks - 1; block >= 0; block--) this.flash.eraseBlock(bank * blocks + block);
  }

  /** Erases the bank that does not count, where it is not blank: what was replaced is gone. */
  clearOther(): void {
    const other = 1 - this.bank;
    if (!isBlank(this.flash.read(this.first, other * this.length))) this.erase(other);
  }

  /** Makes the other bank ready to be filled, and turns to it. It counts from `finish` on. */
  begin(): void {
    const next = this.bank < 0 ? 0 : 1 - this.bank;
    this.erase(next);
    this.#sequence += 1;
    const header = new Uint8Array(this.first - 4);
    header.set(this.#prefix);
    const words = viewOf(header);
    words.setUint32(header.length - 8, this.#sequence, true);
    words.setUint32(header.length - 4, crc32(header.subarray(0, header.length - 4)), true);
    this.flash.write(header, next * this.length);
    this.bank = next;
  }

  /** All is in the bank: it counts. */
  finish(): void {
    this.flash.write(wordOf(doneMark), this.start + this.first - 4);
  }

  /** Erases both. */
  wipe(): void {
    this.erase(0);
    this.erase(1);
    this.bank = -1;
    this.#sequence = 0;
  }
}
