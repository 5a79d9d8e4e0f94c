/** A glyph's pixels: rows from the top, `width / 8` bytes each, the leftmost pixel in the top bit, 1 = ink. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** A bitmap without ink. */
export function emptyBitmap(width: number, height: number): Bitmap {
  return { width, height, bits: new Uint8Array((width >> 3) * height) };
}

/** One pixel; paper surrounds a glyph. */
export function pixel(bitmap: Bitmap, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) {
    return 0;
  }
  return (bitmap.bits[y * (bitmap.width >> 3) + (x >> 3)]! >> (7 - (x & 7))) & 1;
}

/** Adds ink, value 1, to one pixel inside. */
export function mark(bitmap: Bitmap, x: number, y: number, value: number): void {
  bitmap.bits[y * (bitmap.width >> 3) + (x >> 3)]! |= value << (7 - (x & 7));
}
