import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { asciiToBytes, bytesToAscii } from "../codec/text.ts";
import { TwoBanks } from "../flash/two-banks.ts";
import { doneMark, viewOf, wordOf } from "../flash/words.ts";
import { inTurnOfItsOwn } from "../turn.ts";

/** Small things that outlive a power cut, each by its name; the newest whole value of a name is what it says. */
export interface NotesPort {
  /** Undefined for a name that was never written, was erased, or whose value makes no sense. */
  read(name: string): Promise<CborValue>;
  /** Resolves when the value is safely in flash; a cut before leaves the value before. */
  write(name: string, value: CborValue): Promise<void>;
  erase(name: string): Promise<void>;
}

const version = 1;
const prefix = "XNOT\u0001\0\0\0";
const recordHeader = 12;
/** `N` */
const recordMark = 0x4e;
const longestName = 32;
/** A divisor of every erase block. */
const pieceLength = 256;

/** Where a value stands in flash. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Notes in a flash partition of two halves: values are appended to one of them, each with a CRC and a mark that is
 * programmed last; when it is full what counts is copied to the other half, which is used once its own mark is there.
 */
export class Notes {
  readonly #flash: Flash;
  readonly #banks: TwoBanks;
  readonly #places = new Map<string, Place>();
  #end = 0;

  /** Mounts the partition, which may be blank. Throws `RangeError` where it has no two blocks. */
  constructor(flash: Flash) {
    this.#flash = flash;
    this.#banks = new TwoBanks(flash, asciiToBytes(prefix));
    if (this.#banks.bank < 0) {
      this.#banks.begin();
      this.#banks.finish();
      this.#end = this.#banks.first;
    } else {
      this.#end = this.#scan();
    }
  }

  read(name: string): CborValue {
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    try {
      return decodeCbor(this.#flash.read(place.length, place.offset));
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  /** Throws `RangeError` when all values together do not fit half of the partition; nothing is changed then. */
  write(name: string, value: CborValue): void {
    this.#append(name, encodeCbor(value));
  }

  erase(name: string): void {
    if (this.#places.has(name)) this.#append(name, new Uint8Array(0));
  }

  #append(name: string, value: Uint8Array): void {
    if (name.length === 0 || name.length > longestName) throw new RangeError("name of a note");
    const record = encodeRecord(name, value);
    if (this.#end + record.length + 4 <= this.#banks.length) {
      this.#put(name, record);
      return;
    }
    this.#turn(name, record.length + 4);
    this.#put(name, record);
  }

  /** Writes a record and then its mark. */
  #put(name: string, record: Uint8Array): void {
    const at = this.#banks.start + this.#end;
    this.#flash.write(record, at);
    const written = this.#flash.read(record.length, at);
    if (crc32(written) !== crc32(record)) throw new Error("the flash did not take a note");
    this.#flash.write(wordOf(doneMark), at + record.length);
    this.#know(name, at, viewOf(record).getUint32(4, true));
    this.#end += record.length + 4;
  }

  #know(name: string, recordOffset: number, length: number): void {
    if (length === 0) this.#places.delete(name);
    else this.#places.set(name, { offset: recordOffset + recordHeader + name.length, length });
  }

  /** Goes on in the other half with all that counts but `replaced`, so that a record of `room` bytes fits. */
  #turn(replaced: string, room: number): void {
    const kept: [string, Uint8Array][] = [];
    let length = this.#banks.first + room;
    for (const [name, place] of this.#places) {
      if (name !== replaced) length += recordLength(name.length, place.length) + 4;
    }
    const old = this.#places.get(replaced);
    if (length + (old === undefined ? 0 : recordLength(replaced.length, old.length) + 4) > this.#banks.length) {
      throw new RangeError("the notes are full");
    }
    for (const [name, place] of this.#places) kept.push([name, this.#flash.read(place.length, place.offset)]);
    this.#banks.begin();
    this.#end = this.#banks.first;
    for (const [name, value] of kept) this.#put(name, encodeRecord(name, value));
    this.#banks.finish();
  }

  /** Learns where the values of this half are; gives the offset where the next may be written. */
  #scan(): number {
    const dataEnd = this.#dataEnd();
    const { first, start } = this.#banks;
    let offset = first;
    while (offset + recordHeader <= dataEnd) {
      const length = this.#lengthAt(offset);
      if (length === undefined) {
        offset += 4;
        continue;
      }
      const record = this.#flash.read(length + 4, start + offset);
      if (isCommitted(record, length)) {
        const name = bytesToAscii(record.subarray(recordHeader, recordHeader + record[2]!));
        this.#know(name, start + offset, viewOf(record).getUint32(4, true));
      }
      offset += length + 4;
    }
    return Math.max(offset, dataEnd);
  }

  /** Offset behind the last word of this half that is not blank; read in pieces, because memory is dear at the start. */
  #dataEnd(): number {
    const { first, start, length } = this.#banks;
    for (let piece = length - pieceLength; piece >= 0; piece -= pieceLength) {
      const bytes = this.#flash.read(pieceLength, start + piece);
      const words = viewOf(bytes);
      for (let at = pieceLength - 4; at >= 0; at -= 4) {
        if (words.getUint32(at, true) !== 0xffffffff) return Math.max(first, piece + at + 4);
      }
    }
    return first;
  }

  /** Bytes of the record whose header stands at an offset of this half, without its mark; undefined where none does. */
  #lengthAt(offset: number): number | undefined {
    const header = this.#flash.read(recordHeader, this.#banks.start + offset);
    const words = viewOf(header);
    const isHeader =
      header[0] === recordMark && header[1] === version && words.getUint32(8, true) === crc32(header.subarray(0, 8));
    if (!isHeader) return undefined;
    const length = recordLength(header[2]!, words.getUint32(4, true));
    return offset + length + 4 <= this.#banks.length ? length : undefined;
  }
}

/** Notes as flows see them: each call from a turn of its own, because flash and CBOR go deep. */
export class FlowNotes implements NotesPort {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  read(name: string): Promise<CborValue> {
    return inTurnOfItsOwn(() => this.#notes.read(name));
  }

  write(name: string, value: CborValue): Promise<void> {
    return inTurnOfItsOwn(() => this.#notes.write(name, value));
  }

  erase(name: string): Promise<void> {
    return inTurnOfItsOwn(() => this.#notes.erase(name));
  }
}

function recordLength(nameLength: number, valueLength: number): number {
  return ((recordHeader + nameLength + valueLength + 3) & ~3) + 4;
}

/** Header, name, value, zeros up to a multiple of 4, CRC of all that; without the mark. */
function encodeRecord(name: string, value: Uint8Array): Uint8Array {
  const record = new Uint8Array(recordLength(name.length, value.length));
  const words = viewOf(record);
  record.set([recordMark, version, name.length, 0]);
  words.setUint32(4, value.length, true);
  words.setUint32(8, crc32(record.subarray(0, 8)), true);
  record.set(asciiToBytes(name), recordHeader);
  record.set(value, recordHeader + name.length);
  words.setUint32(record.length - 4, crc32(record.subarray(0, record.length - 4)), true);
  return record;
}

/** `record` has its mark behind it. */
function isCommitted(record: Uint8Array, length: number): boolean {
  const words = viewOf(record);
  return (
    words.getUint32(length, true) === doneMark &&
    words.getUint32(length - 4, true) === crc32(record.subarray(0, length - 4))
  );
}
