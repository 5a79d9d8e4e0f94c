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
  /** The ranges as they lie in the font: they are read in place. */
  readonly #ranges: DataView;

  /** Throws `RangeError` for bytes that are no "XF01" font. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_LENGTH || view.getUint32(0) !== 0x58463031 || view.getUint16(4, true) !== CELL)
      throw new RangeError("font: not XF01");
    const count = view.getUint16(6, true);
    if (bytes.length < HEADER_LENGTH + count * RANGE_LENGTH) throw new RangeError("font: truncated");
    this.bytes = bytes;
    this.#ranges = new DataView(bytes.buffer, bytes.byteOffset + HEADER_LENGTH, count * RANGE_LENGTH);
  }

  /** Pixels that a character takes at scale 1, with a glyph or as the box that stands for a missing one. */
  advance(codePoint: number): number {
    if (codePoint >= FIRST_IDEOGRAPH && codePoint <= LAST_IDEOGRAPH) return CELL;
    const ranges = this.#ranges;
    for (let at = 0; at < ranges.byteLength; at += RANGE_LENGTH) {
      const place = codePoint - ranges.getUint32(at, true);
      if (place >= 0 && place < ranges.getUint16(at + 4, true)) return ranges.getUint16(at + 6, true);
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
