/** A text as a QR code (ISO/IEC 18004:2015), versions 1 to 15: two bitmaps of at most 770 bytes are what it takes. */
import { qrMask, qrPenalty, qrPlace, qrRemainder } from "#native/qr";
import { type CodeData, dataCodewords } from "./qr-data.ts";
import { alignmentPlaces, type CorrectionLevel, codewordsOf, levelBits, sizeOfVersion } from "./qr-versions.ts";

export interface QrCode {
  readonly version: number;
  /** Modules of a side. */
  readonly size: number;
  /** The data mask pattern, 0 to 7. */
  readonly mask: number;
  /** Eight modules a byte, the leftmost in the highest bit, dark ones set; each row begins a byte. */
  readonly modules: Uint8Array;
}

export interface QrOptions {
  readonly level: CorrectionLevel;
  /** The largest version that may be taken; absent: 15. */
  readonly largest?: number;
  /** The data mask pattern; absent: the one that reads best. */
  readonly mask?: number;
}

const masks = 8;

/** The smallest code that holds the text; undefined where none of the versions does. */
export function encodeQr(text: string, { level, largest, mask }: QrOptions): QrCode | undefined {
  const data = dataCodewords(text, level, largest);
  if (data === undefined) return undefined;
  const canvas = new Canvas(data.version);
  canvas.drawPatterns();
  canvas.place(interleaved(data));
  return canvas.finish(level, mask);
}

/** The blocks' codewords in turns: the first of each, the second of each..., those for correction behind (7.6). */
function interleaved({ version, blocks: { count, correction, data }, codewords }: CodeData): Uint8Array {
  const result = new Uint8Array(codewordsOf(version));
  const short = Math.trunc(data / count);
  const longFrom = count - (data % count);
  for (let block = 0, from = 0; block < count; block++) {
    const length = short + (block < longFrom ? 0 : 1);
    const part = codewords.subarray(from, from + length);
    const remainder = qrRemainder(part, correction);
    for (let at = 0; at < length; at++) {
      result[at < short ? at * count + block : short * count + block - longFrom] = part[at]!;
    }
    for (let at = 0; at < correction; at++) result[data + at * count + block] = remainder[at]!;
    from += length;
  }
  return result;
}

/** The remainder of a number with zeros behind it, by a polynomial of that degree: the check of format and version. */
function checked(value: number, degree: number, polynomial: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return (value << degree) | rest;
}

/** The modules of a code that is being drawn, and which of them are patterns' (6.3, 7.7 to 7.10). */
class Canvas {
  readonly #version: number;
  readonly #size: number;
  readonly #stride: number;
  readonly #modules: Uint8Array;
  readonly #reserved: Uint8Array;

  constructor(version: number) {
    this.#version = version;
    this.#size = sizeOfVersion(version);
    this.#stride = (this.#size + 7) >> 3;
    this.#modules = new Uint8Array(this.#stride * this.#size);
    this.#reserved = new Uint8Array(this.#stride * this.#size);
  }

  drawPatterns(): void {
    const far = this.#size - 1;
    for (let at = 0; at < this.#size; at++) {
      this.#set(6, at, at % 2 === 0);
      this.#set(at, 6, at % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [far - 3, 3],
      [3, far - 3],
    ] as const) {
      this.#drawRings(x, y, 4, 0b01011);
    }
    const places = alignmentPlaces(this.#version);
    const last = places.length - 1;
    for (const [row, y] of places.entries()) {
      for (const [column, x] of places.entries()) {
        const isCorner =
          (row === 0 && column === 0) || (row === 0 && column === last) || (row === last && column === 0);
        if (!isCorner) this.#drawRings(x, y, 2, 0b101);
      }
    }
    this.#drawFormat(0);
    this.#drawVersion();
  }

  place(codewords: Uint8Array): void {
    qrPlace(this.#modules, this.#reserved, this.#size, codewords);
  }

  finish(level: CorrectionLevel, wanted: number | undefined): QrCode {
    const lay = (mask: number): void => {
      qrMask(this.#modules, this.#reserved, this.#size, mask);
      this.#drawFormat((levelBits[level] << 3) | mask);
    };
    let best = wanted ?? 0;
    let least = Number.POSITIVE_INFINITY;
    for (let mask = 0; mask < masks && wanted === undefined; mask++) {
      lay(mask);
      const penalty = qrPenalty(this.#modules, this.#size);
      if (penalty < least) [best, least] = [mask, penalty];
      qrMask(this.#modules, this.#reserved, this.#size, mask);
    }
    lay(best);
    return { version: this.#version, size: this.#size, mask: best, modules: this.#modules };
  }

  /** Squares round a middle, as far as `radius`; bit n of `dark` tells of the one at distance n. */
  #drawRings(middleX: number, middleY: number, radius: number, dark: number): void {
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) {
        const [column, row] = [middleX + x, middleY + y];
        if (column < 0 || row < 0 || column >= this.#size || row >= this.#size) continue;
        this.#set(column, row, ((dark >> Math.max(Math.abs(x), Math.abs(y))) & 1) === 1);
      }
    }
  }

  /** Level and mask, twice, and the module that is always dark (7.9.1). */
  #drawFormat(format: number): void {
    const far = this.#size - 1;
    const bits = checked(format, 10, 0x537) ^ 0x5412;
    for (let bit = 0; bit < 15; bit++) {
      const isDark = ((bits >> bit) & 1) === 1;
      const near = bit < 6 ? bit : bit < 8 ? bit + 1 : undefined;
      if (near !== undefined) this.#set(8, near, isDark);
      else this.#set(bit === 8 ? 7 : 14 - bit, 8, isDark);
      if (bit < 8) this.#set(far - bit, 8, isDark);
      else this.#set(8, far - 14 + bit, isDark);
    }
    this.#set(8, far - 7, true);
  }

  /** The version, twice, from 7 on (7.10). */
  #drawVersion(): void {
    if (this.#version < 7) return;
    const bits = checked(this.#version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit++) {
      const isDark = ((bits >> bit) & 1) === 1;
      const [one, other] = [this.#size - 11 + (bit % 3), Math.trunc(bit / 3)];
      this.#set(one, other, isDark);
      this.#set(other, one, isDark);
    }
  }

  /** A pattern's module. */
  #set(x: number, y: number, isDark: boolean): void {
    const at = y * this.#stride + (x >> 3);
    const bit = 0x80 >> (x & 7);
    this.#reserved[at]! |= bit;
    this.#modules[at] = isDark ? this.#modules[at]! | bit : this.#modules[at]! & ~bit;
  }
}
