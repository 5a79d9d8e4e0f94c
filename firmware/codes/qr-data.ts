/**
 * The data of a QR code as bits (ISO/IEC 18004:2015, 7.4): one segment, or long rows of digits and what is between them as segments of their
 * own, whichever takes fewer bits: a payment's code is digits for the most part.
 */
import { utf8ToBytes } from "../codec/text.ts";
import { type Blocks, blocksOf, type CorrectionLevel, largestVersion } from "./qr-versions.ts";

/** In the order of their values (table 5). */
const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Bits, the highest first, at the end of bytes that are zero. */
class BitWriter {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#length;
  }

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#bytes[this.#length >> 3]! |= ((value >> bit) & 1) << (7 - (this.#length & 7));
      this.#length++;
    }
  }
}

/** A text in one of the modes. */
interface Segment {
  readonly mode: number;
  /** Characters, in byte mode bytes. */
  readonly count: number;
  /** Of the count, in versions 1 to 9 and in larger ones (table 3). */
  readonly countBits: readonly [number, number];
  readonly bits: number;
  readonly write: (writer: BitWriter) => void;
}

/** Groups of up to `length` characters as numbers of `base`, each of as many bits as the table says for its length. */
function grouped(text: string, length: number, sizes: readonly number[], numberOf: (group: string) => number) {
  return (writer: BitWriter): void => {
    for (let at = 0; at < text.length; at += length) {
      const group = text.slice(at, at + length);
      writer.write(numberOf(group), sizes[group.length]!);
    }
  };
}

const pairValue = (group: string): number =>
  Array.from(group).reduce((sum, character) => sum * 45 + alphanumeric.indexOf(character), 0);

function segmentOf(text: string): Segment {
  const count = text.length;
  if (/^\d*$/.test(text)) {
    const sizes = [0, 4, 7, 10];
    const bits = 10 * Math.trunc(count / 3) + sizes[count % 3]!;
    return { mode: 1, count, countBits: [10, 12], bits, write: grouped(text, 3, sizes, Number) };
  }
  if (/^[0-9A-Z $%*+./:-]*$/.test(text)) {
    const sizes = [0, 6, 11];
    const bits = 11 * (count >> 1) + sizes[count & 1]!;
    return { mode: 2, count, countBits: [9, 11], bits, write: grouped(text, 2, sizes, pairValue) };
  }
  const bytes = utf8ToBytes(text);
  const write = (writer: BitWriter): void => {
    for (const byte of bytes) writer.write(byte, 8);
  };
  return { mode: 4, count: bytes.length, countBits: [8, 16], bits: 8 * bytes.length, write };
}

/** Rows of so many digits take fewer bits in a segment of their own, between two of bytes. */
const digitRows = /(\d{7,})/;

const bitsOf = (segments: readonly Segment[], size: 0 | 1): number =>
  segments.reduce((sum, { bits, countBits }) => sum + 4 + countBits[size] + bits, 0);

function segmentsOf(text: string): readonly Segment[] {
  const whole = [segmentOf(text)];
  const parts = text.split(digitRows).filter((part) => part !== "");
  if (parts.length < 2) return whole;
  const segments = parts.map(segmentOf);
  return bitsOf(segments, 1) < bitsOf(whole, 1) ? segments : whole;
}

/** What fits into no more than its version's codewords. */
export interface CodeData {
  readonly version: number;
  readonly blocks: Blocks;
  readonly codewords: Uint8Array;
}

/** The smallest version, up to `largest`, that holds the segments; undefined where none does. */
function smallest(segments: readonly Segment[], level: CorrectionLevel, largest: number): number | undefined {
  for (let version = 1; version <= largest; version++) {
    const size = version < 10 ? 0 : 1;
    if (bitsOf(segments, size) > 8 * blocksOf(version, level).data) continue;
    if (segments.every(({ count, countBits }) => count < 1 << countBits[size])) return version;
  }
  return undefined;
}

/** The smallest version that holds the text; undefined where none does. */
export const versionOf = (text: string, level: CorrectionLevel): number | undefined =>
  smallest(segmentsOf(text), level, largestVersion);

/** The text in the smallest version, up to `largest`, that holds it; undefined where none does. */
export function dataCodewords(text: string, level: CorrectionLevel, largest = largestVersion): CodeData | undefined {
  const segments = segmentsOf(text);
  const version = smallest(segments, level, largest);
  if (version === undefined) return undefined;
  const blocks = blocksOf(version, level);
  const codewords = new Uint8Array(blocks.data);
  const writer = new BitWriter(codewords);
  for (const { mode, count, countBits, write } of segments) {
    writer.write(mode, 4);
    writer.write(count, countBits[version < 10 ? 0 : 1]);
    write(writer);
  }
  // The terminator, four zero bits where they fit, and zeros up to a whole codeword are there; then EC and 11 in turns.
  const end = Math.min(writer.length + 4, 8 * blocks.data);
  for (let at = (end + 7) >> 3, pad = 0xec; at < blocks.data; at++, pad ^= 0xec ^ 0x11) codewords[at] = pad;
  return { version, blocks, codewords };
}
