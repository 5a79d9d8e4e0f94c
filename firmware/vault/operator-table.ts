import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { asciiToBytes } from "../codec/text.ts";
import { TwoBanks } from "../flash/two-banks.ts";
import { doneMark, isBlank, viewOf, wordOf } from "../flash/words.ts";

/** What proves a password: never the password itself. */
export interface Proof {
  readonly iterations: number;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** What the table holds of one number. */
export interface StoredOperator extends Proof {
  /** The number is nobody's any more, whatever the parameters say. */
  readonly isRemoved: boolean;
  /** The password is one that somebody else knows: it has to be changed before it counts. */
  readonly isInitial: boolean;
  /** Copied from the parameters, to count tries: other parameters take its place. */
  readonly isGiven: boolean;
}

/** How many numbers there can be: 00 to 99. */
const numbers = 100;

const recordLength = 96;
const saltPlace = 8;
export const saltLength = 16;
const digestPlace = saltPlace + saltLength;
export const digestLength = 32;
const checkPlace = digestPlace + digestLength;
const markPlace = checkPlace + 4;
const triesPlace = markPlace + 4;
const triesLength = recordLength - triesPlace;
/** So many wrong ones in a row are remembered when their places are used up: more cost no more. */
const mostKept = 16;
const recordMark = 0x4f;
const flags = Object.freeze({ removed: 1, initial: 2, given: 4 });
/** A try that has not been seen to be right, and one that has; what a cut leaves in between is the first. */
const tried = 0xf0;
const right = 0x00;

/**
 * Operators by number in the partition "operators": records of 96 bytes, each in a place of its own, in one of two banks
 * (flash/two-banks.ts). A record: `4F`, number, flags, 0, iterations (32 bits, little-endian, as all words), salt, digest,
 * CRC-32 of these 56 bytes, the mark that makes it count; then 32 bytes of tries, from the first on: `F0` is programmed
 * before a password is looked at, 00 over it when it was right. A newer record takes the place of an older one, which is
 * then overwritten with zeros. A cut anywhere leaves the old record or the new one, and no try is ever forgotten.
 */
export class OperatorTable {
  readonly #flash: Flash;
  readonly #banks: TwoBanks;
  /** In which place of the bank each number's record stands, from 1 on; 0: nowhere. */
  readonly #places = new Uint8Array(numbers);
  /** Places that are written to, from the bank's start on. */
  #used = 0;

  /** Mounts the partition; whatever is in it, this ends in a usable table. Throws `RangeError` when it is too small. */
  constructor(flash: Flash) {
    this.#flash = flash;
    this.#banks = new TwoBanks(flash, asciiToBytes("XOPR"));
    if (this.#banks.bank < 0) return;
    this.#banks.clearOther();
    this.#scan();
  }

  has(number: number): boolean {
    return this.#places[number]! > 0;
  }

  read(number: number): StoredOperator | undefined {
    if (!this.has(number)) return undefined;
    const record = this.#flash.read(recordLength, this.#offset(this.#places[number]!));
    const said = record[2]!;
    return {
      isRemoved: (said & flags.removed) !== 0,
      isInitial: (said & flags.initial) !== 0,
      isGiven: (said & flags.given) !== 0,
      iterations: viewOf(record).getUint32(4, true),
      salt: record.slice(saltPlace, digestPlace),
      digest: record.slice(digestPlace, checkPlace),
    };
  }

  /** Stores it; returns when it counts and the record before is overwritten. No try was wrong then. */
  put(number: number, operator: StoredOperator): void {
    this.#replace(number, operator, 0);
  }

  /** Overwrites a number's record with zeros. */
  erase(number: number): void {
    const place = this.#places[number]!;
    if (place === 0) return;
    this.#places[number] = 0;
    this.#kill(place);
  }

  /** Notes a try, before the password is looked at. */
  noteTry(number: number): void {
    const operator = this.read(number);
    if (operator === undefined) return;
    let place = usedOf(this.#tries(number));
    if (place === triesLength) {
      place = Math.min(this.wrongTries(number), mostKept);
      this.#replace(number, operator, place);
    }
    this.#flash.write(Uint8Array.of(tried), this.#offset(this.#places[number]!) + triesPlace + place);
  }

  /** The try that was noted last was right. */
  noteRight(number: number): void {
    if (!this.has(number)) return;
    const place = usedOf(this.#tries(number)) - 1;
    if (place >= 0) this.#flash.write(Uint8Array.of(right), this.#offset(this.#places[number]!) + triesPlace + place);
  }

  /** How many were wrong since the last that was right; those that the power cut short count. */
  wrongTries(number: number): number {
    if (!this.has(number)) return 0;
    const tries = this.#tries(number);
    return usedOf(tries) - 1 - tries.lastIndexOf(right);
  }

  #tries(number: number): Uint8Array {
    return this.#flash.read(triesLength, this.#offset(this.#places[number]!) + triesPlace);
  }

  /** Offset in the partition of a place of the bank that counts, from 1 on. */
  #offset(place: number): number {
    return this.#banks.start + this.#banks.first + (place - 1) * recordLength;
  }

  #replace(number: number, operator: StoredOperator, wrong: number): void {
    const before = this.#places[number]!;
    const all = Math.floor((this.#banks.length - this.#banks.first) / recordLength);
    if (this.#banks.bank >= 0 && this.#used < all) {
      this.#append(recordOf(number, operator, wrong));
      if (before > 0) this.#kill(before);
      return;
    }
    const kept: Uint8Array[] = [];
    for (const [other, place] of this.#places.entries()) {
      if (place > 0 && other !== number) kept.push(this.#flash.read(recordLength, this.#offset(place)));
    }
    if (kept.length >= all) throw new RangeError("no room for another operator");
    this.#banks.begin();
    this.#used = 0;
    for (const record of kept) this.#append(record);
    this.#append(recordOf(number, operator, wrong));
    this.#banks.finish();
    this.#banks.clearOther();
  }

  /** All but the mark, then the mark. */
  #append(record: Uint8Array): void {
    const place = this.#used + 1;
    const at = this.#offset(place);
    this.#used = place;
    viewOf(record).setUint32(markPlace, 0xffffffff, true);
    this.#flash.write(record, at);
    if (!equal(this.#flash.read(recordLength, at), record)) throw new RangeError("the flash of operators is worn out");
    this.#flash.write(wordOf(doneMark), at + markPlace);
    this.#places[record[1]!] = place;
  }

  #kill(place: number): void {
    this.#flash.write(new Uint8Array(recordLength), this.#offset(place));
  }

  /** Finds the newest record of each number; older ones and halves that a cut has left are overwritten. */
  #scan(): void {
    const all = Math.floor((this.#banks.length - this.#banks.first) / recordLength);
    for (let place = 1; place <= all; place++) {
      const record = this.#flash.read(recordLength, this.#offset(place));
      if (isBlank(record)) continue;
      this.#used = place;
      const words = viewOf(record);
      const counts =
        record[0] === recordMark &&
        record[1]! < numbers &&
        words.getUint32(markPlace, true) === doneMark &&
        words.getUint32(checkPlace, true) === crc32(record.subarray(0, checkPlace));
      if (!counts) {
        if (record.some((byte) => byte !== 0)) this.#kill(place);
        continue;
      }
      const before = this.#places[record[1]!]!;
      if (before > 0) this.#kill(before);
      this.#places[record[1]!] = place;
    }
  }
}

/** Tries are noted one behind the other: how many there are. */
function usedOf(tries: Uint8Array): number {
  const free = tries.indexOf(0xff);
  return free < 0 ? triesLength : free;
}

/** A whole record but for its mark, after so many wrong tries. */
function recordOf(number: number, operator: StoredOperator, wrong: number): Uint8Array {
  const record = new Uint8Array(recordLength).fill(0xff);
  const said =
    (operator.isRemoved ? flags.removed : 0) |
    (operator.isInitial ? flags.initial : 0) |
    (operator.isGiven ? flags.given : 0);
  record.set([recordMark, number, said, 0]);
  const words = viewOf(record);
  words.setUint32(4, operator.iterations, true);
  record.set(operator.salt, saltPlace);
  record.set(operator.digest, digestPlace);
  words.setUint32(checkPlace, crc32(record.subarray(0, checkPlace)), true);
  record.fill(tried, triesPlace, triesPlace + wrong);
  return record;
}
