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
    if (!isHeader(bytes)) throw new RangeError("font: not XF01");
    if (!isFontOf(bytes, bytes.length)) throw new RangeError("font: truncated");
    this.bytes = bytes;
  }

  /** Pixels that a text takes at scale 1. */
  measure(text: string): number {
    return measure(this.bytes, text);
  }
}

/** Whether a file of that length that begins so is an "XF01" font, as far as its beginning tells. */
export function isFontOf(beginning: Uint8Array, length: number): boolean {
  return isHeader(beginning) && length >= HEADER_LENGTH + viewOf(beginning).getUint16(6, true) * RANGE_LENGTH;
}

function isHeader(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_LENGTH) return false;
  const view = viewOf(bytes);
  return view.getUint32(0) === 0x58463031 && view.getUint16(4, true) === GLYPH_HEIGHT;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
