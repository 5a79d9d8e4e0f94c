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
  /** What is not in the bytes yet, and how many bits that is. */
  #rest = 0;
  #waiting = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 16 bits. */
  write(value: number, bits: number): void {
    this.#rest = ((this.#rest & 0xff) << bits) | value;
    this.#waiting += bits;
    while (this.#waiting >= 8) {
      this.#waiting -= 8;
      this.#bytes[this.#length++] = this.#rest >> this.#waiting;
    }
  }

  /** Fills the last byte up with zeros, four of them at least where there is room, and gives how many bytes there are. */
  end(): number {
    const bits = 4 + ((12 - this.#waiting) & 7);
    if (this.#length + ((this.#waiting + bits) >> 3) <= this.#bytes.length) this.write(0, bits);
    else if (this.#waiting > 0) this.write(0, 8 - this.#waiting);
    return this.#length;
  }
}

/** How a text is written: its mode, and how many bits its count has in versions 1 to 9 and in larger ones (tables 2 and 3). */
interface Mode {
  readonly sign: number;
  readonly countBits: readonly [number, number];
  /** Characters of a group, and bits of groups of no character, one, two...; bytes of UTF-8 stand alone. */
  readonly group: number;
  readonly sizes: readonly number[];
}

const digits: Mode = mode(1, [10, 12], [0, 4, 7, 10]);
const capitals: Mode = mode(2, [9, 11], [0, 6, 11]);
const utf8: Mode = mode(4, [8, 16], [0, 8]);

function mode(sign: number, countBits: readonly [number, number], sizes: readonly number[]): Mode {
  return Object.freeze({
    sign,
    countBits: Object.freeze(countBits),
    sizes: Object.freeze(sizes),
    group: sizes.length - 1,
  });
}

/** A text in one of the modes. */
export interface Segment {
  readonly mode: Mode;
  readonly text: string;
  /** Characters, in byte mode bytes. */
  readonly count: number;
}

function segmentOf(text: string): Segment {
  const mode = /^\d*$/.test(text) ? digits : /^[0-9A-Z $%*+./:-]*$/.test(text) ? capitals : utf8;
  return { mode, text, count: mode === utf8 ? utf8ToBytes(text).length : text.length };
}

/** Bits of a segment, its mode and count included. */
function bitsIn({ mode: { group, sizes, countBits }, count }: Segment, size: 0 | 1): number {
  return 4 + countBits[size] + sizes[group]! * Math.trunc(count / group) + sizes[count % group]!;
}

function writeSegment(writer: BitWriter, { mode, text, count }: Segment, size: 0 | 1): void {
  const { sign, countBits, group, sizes } = mode;
  writer.write(sign, 4);
  writer.write(count, countBits[size]);
  if (mode === utf8) {
    const bytes = utf8ToBytes(text);
    for (let at = 0; at < count; at++) writer.write(bytes[at]!, 8);
    return;
  }
  for (let at = 0; at < count; at += group) {
    const part = text.slice(at, at + group);
    const pair = alphanumeric.indexOf(part[0]!);
    const value =
      mode === digits ? Number(part) : part.length === 1 ? pair : pair * 45 + alphanumeric.indexOf(part[1]!);
    writer.write(value, sizes[part.length]!);
  }
}

/** Rows of so many digits take fewer bits in a segment of their own, between two of bytes. */
const digitRows = /(\d{7,})/;

const bitsOf = (segments: readonly Segment[], size: 0 | 1): number =>
  segments.reduce((sum, segment) => sum + bitsIn(segment, size), 0);

/** The segments of a text. */
export function segmentsOf(text: string): readonly Segment[] {
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
export function versionOf(
  segments: readonly Segment[],
  level: CorrectionLevel,
  largest = largestVersion,
): number | undefined {
  const needed = [bitsOf(segments, 0), bitsOf(segments, 1)] as const;
  for (let version = 1; version <= largest; version++) {
    const size = version < 10 ? 0 : 1;
    if (needed[size] > 8 * blocksOf(version, level).data) continue;
    if (segments.every(({ count, mode: { countBits } }) => count < 1 << countBits[size])) return version;
  }
  return undefined;
}

/** The text in the smallest version, up to `largest`, that holds it; undefined where none does. */
export function dataCodewords(text: string, level: CorrectionLevel, largest = largestVersion): CodeData | undefined {
  const segments = segmentsOf(text);
  const version = versionOf(segments, level, largest);
  return version === undefined ? undefined : codewordsIn(segments, version, level);
}

/** The segments in a version that holds them. */
export function codewordsIn(segments: readonly Segment[], version: number, level: CorrectionLevel): CodeData {
  const blocks = blocksOf(version, level);
  const codewords = new Uint8Array(blocks.data);
  const writer = new BitWriter(codewords);
  for (const segment of segments) writeSegment(writer, segment, version < 10 ? 0 : 1);
  // Behind the terminator, four zero bits where they fit, EC and 11 in turns.
  for (let at = writer.end(), pad = 0xec; at < blocks.data; at++, pad ^= 0xec ^ 0x11) codewords[at] = pad;
  return { version, blocks, codewords };
}
