/** What depends on a QR code's version and level (ISO/IEC 18004:2015, tables 1, 3, 9 and annex E), for versions 1 to 15. */

/** How much of a code may be lost: 7, 15, 25 or 30 per cent. */
export type CorrectionLevel = "L" | "M" | "Q" | "H";

export const largestVersion = 15;

/** Codewords for correction in each block, and blocks, by version from 1 on. */
const corrections: Readonly<Record<CorrectionLevel, readonly (readonly [codewords: number, blocks: number])[]>> =
  Object.freeze({
    L: pairs(
      [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22],
      [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6],
    ),
    M: pairs(
      [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24],
      [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10],
    ),
    Q: pairs(
      [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30],
      [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12],
    ),
    H: pairs(
      [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24],
      [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18],
    ),
  });

function pairs(codewords: readonly number[], blocks: readonly number[]): readonly (readonly [number, number])[] {
  return Object.freeze(codewords.map((each, place) => Object.freeze([each, blocks[place]!] as const)));
}

/** The two bits of the format information (table 12). */
export const levelBits: Readonly<Record<CorrectionLevel, number>> = Object.freeze({ L: 1, M: 0, Q: 3, H: 2 });

/** Modules of a side. */
export const sizeOfVersion = (version: number): number => 17 + 4 * version;

/** Codewords of all kinds: what finder, timing and alignment patterns, format and version leave (table 1). */
export function codewordsOf(version: number): number {
  const size = sizeOfVersion(version);
  const finders = 3 * 64;
  const timing = 2 * (size - 16);
  const format = 31;
  const count = version === 1 ? 0 : Math.trunc(version / 7) + 2;
  const alignment = count === 0 ? 0 : 25 * (count * count - 3) - 10 * (count - 2);
  const versions = version >= 7 ? 36 : 0;
  return (size * size - finders - timing - format - alignment - versions) >> 3;
}

/** How the codewords of a code are cut into blocks (table 9). */
export interface Blocks {
  readonly count: number;
  /** Codewords for correction, in each. */
  readonly correction: number;
  /** Codewords of data in all. */
  readonly data: number;
}

export function blocksOf(version: number, level: CorrectionLevel): Blocks {
  const [correction, count] = corrections[level][version - 1]!;
  return { count, correction, data: codewordsOf(version) - correction * count };
}
