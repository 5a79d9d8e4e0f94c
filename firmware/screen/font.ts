import { measure } from "#native/raster";

const HEADER_LENGTH = 20;
const RANGE_LENGTH = 12;

/** Rows of a glyph at scale 1. */
export const GLYPH_HEIGHT = 16;

/** A packed font (fonts/README.md): knows how wide texts are; `#native/raster` measures and draws them. */
export class Font {
  readonly bytes: Uint8Array;

  /** Throws `RangeError` for bytes that are no "XF01" font. */
  constructor(bytes: Uint8Array) {
    if (!isFontOf(bytes, bytes.length)) throw new RangeError("font: not XF01");
    this.bytes = bytes;
  }

  /** Pixels that a text takes at scale 1. */
  measure(text: string): number {
    return measure(this.bytes, text);
  }
}

/** Whether a file of that length that begins so is an "XF01" font, as far as its beginning tells. */
export function isFontOf(beginning: Uint8Array, length: number): boolean {
  if (beginning.length < HEADER_LENGTH || length < HEADER_LENGTH) return false;
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const isKnown = view.getUint32(0) === 0x58463031 && view.getUint16(4, true) === GLYPH_HEIGHT;
  return isKnown && length >= HEADER_LENGTH + view.getUint16(6, true) * RANGE_LENGTH;
}
