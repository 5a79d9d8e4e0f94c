/**
 * Reads text back off a receipt's dots, as an auditor with the paper in hand would: by finding glyphs, not by knowing what
 * was printed. Glyphs must match dot for dot, at scale 1, 2 or 3; ruled lines are passed over; what is neither a line of
 * text nor a rule (a picture, a code) becomes one line "\ufffd".
 */
import { readFileSync } from "node:fs";
import { decodeFont, type PaperGlyph } from "./paper-font.ts";
import { scaleGlyph } from "./paper-scale.ts";

const FONT = new URL("../../firmware/screen/fonts/font16.bin", import.meta.url);
const CELL = 16;
const SCALES = [1, 2, 3] as const;
type Scale = (typeof SCALES)[number];
const UNREADABLE = "\ufffd";
const CACHED_LINES = 2000;

interface ReadLine {
  readonly text: string;
  /** Rows from the first with ink to the first below the line. */
  readonly height: number;
}

/** Glyphs by their dots at one scale: a key is the cell's bytes, row by row. */
type Index = ReadonlyMap<string, string>;

class Reader {
  readonly #glyphs: readonly PaperGlyph[];
  readonly #indexes = new Map<Scale, Index>();
  readonly #lines = new Map<string, ReadLine>();
  readonly #cell = Buffer.alloc(((CELL * 3) / 8) * CELL * 3);

  constructor(glyphs: readonly PaperGlyph[]) {
    this.#glyphs = glyphs;
  }

  read(paper: Buffer, stride: number, rows: number): string[] {
    const picture = new Picture(paper, stride, rows);
    const lines: string[] = [];
    for (let y = picture.nextInk(0), free = 0; y < rows; y = picture.nextInk(free)) {
      if (picture.isRule(y)) {
        free = y + 1;
        continue;
      }
      const bottom = picture.nextBlank(y);
      const line = this.#lineAt(picture, y, bottom, free);
      lines.push(line?.text ?? UNREADABLE);
      free = line === undefined ? bottom : y + line.height;
    }
    return lines;
  }

  /** The line whose first ink is in row y; its cells begin no higher than `free`. */
  #lineAt(picture: Picture, y: number, bottom: number, free: number): ReadLine | undefined {
    const key = picture.rowsKey(y, bottom);
    const known = this.#lines.get(key);
    if (known !== undefined && picture.nextInk(bottom) >= y + known.height) return known;
    for (const step of [4, 1])
      for (const scale of SCALES) {
        if (bottom - y > CELL * scale) continue;
        const highest = Math.max(free, bottom - CELL * scale);
        for (let top = y; top >= highest; top--) {
          const text = this.#match(picture, top, scale, step);
          if (text === undefined) continue;
          const line = { text, height: top + CELL * scale - y };
          if (picture.nextInk(bottom) >= y + line.height) this.#remember(key, line);
          return line;
        }
      }
    return undefined;
  }

  #remember(key: string, line: ReadLine): void {
    if (this.#lines.size >= CACHED_LINES) this.#lines.clear();
    this.#lines.set(key, line);
  }

  /** Reads the cells between top and top + 16 scale; undefined where any ink belongs to no glyph. */
  #match(picture: Picture, top: number, scale: Scale, step: number): string | undefined {
    if (top + CELL * scale > picture.rows) return undefined;
    const index = this.#index(scale);
    const ink = picture.columns(top, CELL * scale);
    const half = 8 * scale;
    const width = picture.stride * 8;
    let text = "";
    let end = 0;
    for (let first = nextColumn(ink, 0, width); first < width; first = nextColumn(ink, end, width)) {
      const spaces = Math.floor((first - end) / half);
      const grid = end + spaces * half;
      // On the grid of the cells before; a full-width sign may be blank in its left half.
      let found =
        text === ""
          ? undefined
          : ((spaces > 0 ? this.#cellAt(picture, index, top, scale, grid - half, 16) : undefined) ??
            this.#glyphAt(picture, index, top, scale, grid));
      // Off the grid only at the start and after a gap: where a column to the right begins.
      if (found === undefined && (text === "" || spaces > 0)) {
        const lowest = Math.max(end, first - 2 * half + 1);
        for (let left = first - (first % step); left >= lowest && found === undefined; left -= step)
          found = this.#glyphAt(picture, index, top, scale, left);
      }
      if (found === undefined) return undefined;
      if (text !== "" && found.left > end) text += " ";
      text += found.character;
      end = found.left + found.width;
    }
    return text;
  }

  #glyphAt(picture: Picture, index: Index, top: number, scale: Scale, left: number) {
    return this.#cellAt(picture, index, top, scale, left, 16) ?? this.#cellAt(picture, index, top, scale, left, 8);
  }

  #cellAt(picture: Picture, index: Index, top: number, scale: Scale, left: number, cell: 8 | 16) {
    const width = cell * scale;
    if (left < 0 || left + width > picture.stride * 8) return undefined;
    const bytes = picture.copy(this.#cell, left, top, width >> 3, CELL * scale);
    const character = index.get(this.#cell.toString("latin1", 0, bytes));
    return character === undefined ? undefined : { character, left, width };
  }

  #index(scale: Scale): Index {
    const known = this.#indexes.get(scale);
    if (known !== undefined) return known;
    const index = new Map<string, string>();
    for (const glyph of this.#glyphs) {
      const key = scaleGlyph(glyph, scale).toString("latin1");
      // Full-width twins of a glyph lose to the one that came first.
      if (!index.has(key) && glyph.rows.some((row) => row !== 0)) index.set(key, glyph.character);
    }
    this.#indexes.set(scale, index);
    return index;
  }
}

function nextColumn(ink: Uint8Array, from: number, width: number): number {
  for (let x = from; x < width; x++) if (((ink[x >> 3] ?? 0) << (x & 7)) & 0x80) return x;
  return width;
}

/** Dots on paper: rows of `stride` bytes, MSB left, 1 = black. */
class Picture {
  readonly stride: number;
  readonly rows: number;
  readonly #bits: Buffer;
  /** 1 for each row with ink. */
  readonly #inked: Uint8Array;

  constructor(bits: Buffer, stride: number, rows: number) {
    this.#bits = bits;
    this.stride = stride;
    this.rows = rows;
    this.#inked = new Uint8Array(rows);
    for (let row = 0, at = 0; row < rows; row++, at = row * stride) {
      while (at < (row + 1) * stride && bits[at] === 0) at++;
      if (at < (row + 1) * stride) this.#inked[row] = 1;
    }
  }

  nextInk(y: number): number {
    let row = y;
    while (row < this.rows && this.#inked[row] === 0) row++;
    return row;
  }

  nextBlank(y: number): number {
    let row = y;
    while (row < this.rows && this.#inked[row] === 1) row++;
    return row;
  }

  /** A row black over at least half of the paper without a break. */
  isRule(y: number): boolean {
    let run = 0;
    for (let at = y * this.stride; at < (y + 1) * this.stride; at++) {
      run = this.#bits[at] === 0xff ? run + 1 : 0;
      if (run * 2 >= this.stride) return true;
    }
    return false;
  }

  rowsKey(from: number, to: number): string {
    return this.#bits.toString("latin1", from * this.stride, to * this.stride);
  }

  /** Which columns have ink in these rows, as one row of bits. */
  columns(top: number, height: number): Uint8Array {
    const ink = new Uint8Array(this.stride);
    const bits = this.#bits;
    for (let at = top * this.stride, column = 0; at < (top + height) * this.stride; at++) {
      ink[column] = (ink[column] as number) | (bits[at] as number);
      if (++column === this.stride) column = 0;
    }
    return ink;
  }

  /** Copies a cell of whole bytes from any column; gives its length. */
  copy(to: Buffer, left: number, top: number, bytes: number, height: number): number {
    const bits = this.#bits;
    const shift = left & 7;
    let at = 0;
    for (let row = top; row < top + height; row++) {
      let from = row * this.stride + (left >> 3);
      for (let index = 0; index < bytes; index++, from++)
        to[at++] =
          shift === 0
            ? (bits[from] as number)
            : ((bits[from] as number) << shift) | ((bits[from + 1] ?? 0) >> (8 - shift));
    }
    return at;
  }
}

let reader: Reader | undefined;

/**
 * The lines of text on a piece of paper, from the top: `bits` holds `rows` rows of `width / 8` bytes, MSB left, 1 = black.
 * Gaps of any size between words are one space.
 */
export function readPaper(bits: Uint8Array, width: number, rows: number): string[] {
  if (width % 8 !== 0 || bits.length < (width / 8) * rows) throw new RangeError("paper: rows missing");
  reader ??= new Reader(decodeFont(readFileSync(FONT)));
  return reader.read(Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength), width / 8, rows);
}

export type PaperCopy = "merchant" | "cardholder" | "settlement" | "report";

const titles: readonly (readonly [PaperCopy, RegExp])[] = [
  ["merchant", /^(MERCHANT COPY|商户存根)$/],
  ["cardholder", /^(CARDHOLDER COPY|持卡人存根)$/],
  ["settlement", /^(SETTLEMENT|结算单)$/],
  ["report", /^(DAY REPORT|SHIFT REPORT|日报表|班次报表)$/],
];

export const PAPER_COPIES: readonly PaperCopy[] = titles.map(([copy]) => copy);

/** Which copy a receipt says it is. */
export function copyOf(lines: readonly string[]): PaperCopy | undefined {
  return titles.find(([, title]) => lines.some((line) => title.test(line)))?.[0];
}
