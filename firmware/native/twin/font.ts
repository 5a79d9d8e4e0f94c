import { type Bitmap, emptyBitmap, mark } from "./bitmap.ts";

const cell = 16;

/** Characters from here on are two cells wide when a font does not have them (CJK radicals and later). */
const firstWide = 0x2e80;

/** Throws `RangeError` when the bytes are no XF01 font (firmware/screen/fonts/README.md) of 16 rows. */
export function checkFont(font: Uint8Array): void {
  if (font.length < 20 || little(font, 0, 4) !== 0x31304658 || little(font, 4, 2) !== cell) {
    throw new RangeError("no XF01 font of 16 rows");
  }
}

/** Pixels that a character takes at scale 1, with a glyph or as the box that stands for a missing one. */
export function advance(font: Uint8Array, codePoint: number): number {
  return findInRanges(font, codePoint)?.width ?? (codePoint >= firstWide ? cell : cell / 2);
}

/** A character's bitmap from an XF01 font, 8 or 16 by 16; a hollow box when it has none. */
export function loadGlyph(font: Uint8Array, codePoint: number): Bitmap {
  const found = findInRanges(font, codePoint) ?? findInSingles(font, codePoint);
  if (found === undefined || found.offset + 2 * found.width > font.length) {
    return box(codePoint >= firstWide ? cell : cell / 2);
  }
  const { offset, width } = found;
  return { width, height: cell, bits: font.subarray(offset, offset + 2 * width) };
}

interface Place {
  readonly offset: number;
  readonly width: number;
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) {
    value = value * 256 + bytes[at + i]!;
  }
  return value;
}

/** Index of the entry that `compare` calls 0, in an ascending table. */
function search(count: number, compare: (index: number) => number): number | undefined {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(middle);
    if (order === 0) {
      return middle;
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return undefined;
}

function findInRanges(font: Uint8Array, codePoint: number): Place | undefined {
  const count = little(font, 6, 2);
  if (20 + 12 * count > font.length) {
    return undefined;
  }
  const index = search(count, (i) => {
    const first = little(font, 20 + 12 * i, 4);
    return codePoint < first ? -1 : codePoint - first < little(font, 24 + 12 * i, 2) ? 0 : 1;
  });
  if (index === undefined) {
    return undefined;
  }
  const range = 20 + 12 * index;
  const width = little(font, range + 6, 2) === 8 ? 8 : 16;
  return { width, offset: little(font, range + 8, 4) + (codePoint - little(font, range, 4)) * 2 * width };
}

function findInSingles(font: Uint8Array, codePoint: number): Place | undefined {
  const count = little(font, 8, 4);
  const table = little(font, 12, 4);
  if (table + 2 * count > font.length) {
    return undefined;
  }
  const index = search(count, (i) => codePoint - little(font, table + 2 * i, 2));
  return index === undefined ? undefined : { width: 16, offset: little(font, 16, 4) + 32 * index };
}

function box(width: number): Bitmap {
  const bitmap = emptyBitmap(width, cell);
  for (let x = 1; x < width - 1; x++) {
    mark(bitmap, x, 2, 1);
    mark(bitmap, x, 13, 1);
  }
  for (let y = 3; y < 13; y++) {
    mark(bitmap, 1, y, 1);
    mark(bitmap, width - 2, y, 1);
  }
  return bitmap;
}
