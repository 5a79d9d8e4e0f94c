const HEADER_LENGTH = 20;
const RANGE_LENGTH = 12;
const CELL = 16;
/** Singles, and what the font lacks, are full width from here on (CJK radicals). */
const FIRST_WIDE = 0x2e80;
/** No range holds these; most texts are made of them. */
const [FIRST_IDEOGRAPH, LAST_IDEOGRAPH] = [0x4e00, 0x9fff] as const;

/** Rows of a glyph at scale 1. */
export const GLYPH_HEIGHT = CELL;

/** A packed font (fonts/README.md): knows how wide characters are; the glyphs themselves are drawn by `#native/raster`. */
export class Font {
  readonly bytes: Uint8Array;
  readonly #ranges: readonly { readonly first: number; readonly last: number; readonly width: number }[];

  /** Throws `RangeError` for bytes that are no "XF01" font. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_LENGTH || view.getUint32(0) !== 0x58463031 || view.getUint16(4, true) !== CELL)
      throw new RangeError("font: not XF01");
    const count = view.getUint16(6, true);
    if (bytes.length < HEADER_LENGTH + count * RANGE_LENGTH) throw new RangeError("font: truncated");
    const ranges = [];
    for (let index = 0; index < count; index++) {
      const at = HEADER_LENGTH + index * RANGE_LENGTH;
      const first = view.getUint32(at, true);
      ranges.push({ first, last: first + view.getUint16(at + 4, true) - 1, width: view.getUint16(at + 6, true) });
    }
    this.bytes = bytes;
    this.#ranges = ranges;
  }

  /** Pixels that a character takes at scale 1, with a glyph or as the box that stands for a missing one. */
  advance(codePoint: number): number {
    if (codePoint >= FIRST_IDEOGRAPH && codePoint <= LAST_IDEOGRAPH) return CELL;
    for (const range of this.#ranges) {
      if (codePoint <= range.last && codePoint >= range.first) return range.width;
    }
    return codePoint >= FIRST_WIDE ? CELL : CELL / 2;
  }

  /** Pixels that a text takes at scale 1. */
  measure(text: string): number {
    let width = 0;
    for (const character of text) width += this.advance(character.codePointAt(0) as number);
    return width;
  }
}
