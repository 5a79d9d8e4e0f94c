/** The twin of raster.c: 1-bit canvases of `stride` bytes a row, the leftmost pixel in the top bit, 1 = ink. */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";
import type { Bitmap } from "./twin/bitmap.ts";
import { advance, checkFont, loadGlyph } from "./twin/font.ts";
import { enlarge } from "./twin/scale.ts";

const furthest = 0x3fffffff;

function coordinate(value: number): number {
  return integer(value, -furthest, furthest);
}

/** Glyphs that were drawn before, by font: Node draws thousands of screens in a test. The C native keeps none. */
const drawn = new WeakMap<Uint8Array, Map<number, Bitmap>>();

function enlarged(font: Uint8Array, codePoint: number, scale: number): Bitmap {
  let known = drawn.get(font);
  if (known === undefined) {
    known = new Map();
    drawn.set(font, known);
  }
  const key = codePoint * 8 + scale;
  let bitmap = known.get(key);
  if (bitmap === undefined) {
    bitmap = enlarge(loadGlyph(font, codePoint), scale);
    known.set(key, bitmap);
  }
  return bitmap;
}

function paint(bits: Uint8Array, at: number, ink: number, value: number): void {
  bits[at] = value === 1 ? bits[at]! | ink : bits[at]! & ~ink;
}

/**
 * Fills a rectangle, clipped to the canvas, which has as many rows as `bits` holds.
 * @param value 1 for ink, 0 for paper
 */
export function fill(
  bits: BytesArgument,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  value: number,
): void {
  const canvas = bytes(bits);
  const rows = Math.floor(canvas.length / integer(stride, 1, 0xffff));
  const left = Math.max(0, coordinate(x));
  const top = Math.max(0, coordinate(y));
  const right = Math.min(8 * stride, x + coordinate(width));
  const bottom = Math.min(rows, y + coordinate(height));
  integer(value, 0, 1);
  if (left >= right) {
    return;
  }
  if (left === 0 && right === 8 * stride) {
    canvas.fill(value === 1 ? 0xff : 0, top * stride, Math.max(top, bottom) * stride);
    return;
  }
  const first = left >> 3;
  const last = (right - 1) >> 3;
  const head = 0xff >> (left & 7);
  const tail = (0xff << (7 - ((right - 1) & 7))) & 0xff;
  for (let row = top; row < bottom; row++) {
    const start = row * stride;
    if (first === last) {
      paint(canvas, start + first, head & tail, value);
    } else {
      paint(canvas, start + first, head, value);
      canvas.fill(value === 1 ? 0xff : 0, start + first + 1, start + last);
      paint(canvas, start + last, tail, value);
    }
  }
}

/**
 * The pixels that a text takes at scale 1.
 * @param font bytes of an XF01 font (firmware/screen/fonts/README.md)
 */
export function measure(font: BytesArgument, text: string): number {
  const glyphs = bytes(font);
  checkFont(glyphs);
  let width = 0;
  for (const character of checkedText(text)) width += advance(glyphs, character.codePointAt(0) as number);
  return width;
}

/**
 * Draws the ink of a text, clipped to the canvas, and gives its width in pixels (8 or 16 times `scale` a character).
 * A character that the font does not have is a hollow box. Sizes 2 and 3 have smoothed corners, 4 is 2 twice.
 * @param font bytes of an XF01 font (firmware/screen/fonts/README.md)
 */
export function text(
  bits: BytesArgument,
  stride: number,
  rows: number,
  x: number,
  y: number,
  font: BytesArgument,
  text: string,
  scale: number,
  value: number,
): number {
  const canvas = bytes(bits);
  if (integer(stride, 1, 0xffff) * integer(rows, 0, 0xffff) > canvas.length) {
    throw new RangeError("canvas larger than its bytes");
  }
  const left = coordinate(x);
  const top = coordinate(y);
  const size = integer(scale, 1, 4);
  const ink = integer(value, 0, 1);
  const glyphs = bytes(font);
  checkFont(glyphs);
  let width = 0;
  for (const character of checkedText(text)) {
    const bitmap = enlarged(glyphs, character.codePointAt(0) as number, size);
    draw(bitmap, canvas, stride, rows, left + width, top, ink);
    width += bitmap.width;
  }
  return width;
}

/**
 * Draws the ink of a picture of one bit a pixel, clipped to the canvas.
 * @param picture whole rows of `pictureStride` bytes
 * @param pictureStride 1 to 8
 */
export function stamp(
  bits: BytesArgument,
  stride: number,
  rows: number,
  x: number,
  y: number,
  picture: BytesArgument,
  pictureStride: number,
): void {
  const canvas = bytes(bits);
  if (integer(stride, 1, 0xffff) * integer(rows, 0, 0xffff) > canvas.length) {
    throw new RangeError("canvas larger than its bytes");
  }
  const dots = bytes(picture);
  const width = 8 * integer(pictureStride, 1, 8);
  const bitmap = { width, height: Math.floor(dots.length / pictureStride), bits: dots };
  draw(bitmap, canvas, stride, rows, coordinate(x), coordinate(y), 1);
}

function checkedText(text: string): string {
  if (typeof text !== "string") throw new TypeError("text missing");
  return text;
}

function draw(
  bitmap: Bitmap,
  canvas: Uint8Array,
  stride: number,
  rows: number,
  left: number,
  top: number,
  value: number,
): void {
  const lineBytes = bitmap.width >> 3;
  const shift = left & 7;
  const last = Math.min(bitmap.height, rows - top);
  for (let row = Math.max(0, -top); row < last; row++) {
    const start = (top + row) * stride;
    for (let column = 0, at = left >> 3; column < lineBytes; column++, at++) {
      const ink = bitmap.bits[row * lineBytes + column]!;
      if (ink === 0) {
        continue;
      }
      if (at >= 0 && at < stride) {
        paint(canvas, start + at, ink >> shift, value);
      }
      if (shift !== 0 && at >= -1 && at + 1 < stride) {
        paint(canvas, start + at + 1, (ink << (8 - shift)) & 0xff, value);
      }
    }
  }
}

/**
 * Turns each pixel of a canvas's rows into a colour of two bytes, big-endian, as display controllers take them.
 * @param out at least 16 bytes for each byte of the rows
 * @param foreground RGB565 of ink
 * @param background RGB565 of paper
 */
export function pack565(
  bits: BytesArgument,
  stride: number,
  first: number,
  rows: number,
  out: BytesArgument,
  foreground: number,
  background: number,
): void {
  const canvas = bytes(bits);
  const packed = bytes(out);
  const from = integer(stride, 1, 0xffff) * integer(first, 0, 0xffff);
  const count = stride * integer(rows, 0, 0xffff);
  const paper = integer(background, 0, 0xffff);
  const ink = integer(foreground, 0, 0xffff);
  if (from + count > canvas.length || 16 * count > packed.length) {
    throw new RangeError("canvas larger than its bytes");
  }
  if (count === 0) {
    return;
  }
  // Two pixels are one store where the buffer allows it.
  if ((packed.byteOffset & 3) !== 0) {
    packed.set(new Uint8Array(painted(canvas, from, count, ink, paper).buffer));
    return;
  }
  paintPixels(new Uint32Array(packed.buffer, packed.byteOffset, 4 * count), canvas, from, count, ink, paper);
}

function painted(canvas: Uint8Array, from: number, count: number, ink: number, paper: number): Uint32Array {
  const out = new Uint32Array(4 * count);
  paintPixels(out, canvas, from, count, ink, paper);
  return out;
}

/** Writes the pixels of `count` canvas bytes, two a store; Node's machines are little-endian, displays big-endian. */
function paintPixels(
  out: Uint32Array,
  canvas: Uint8Array,
  from: number,
  count: number,
  ink: number,
  paper: number,
): void {
  const [dark, light] = [swapped(ink), swapped(paper)];
  const pairs = [pair(light, light), pair(light, dark), pair(dark, light), pair(dark, dark)] as const;
  // Most pixels are paper.
  out.fill(pairs[0], 0, 4 * count);
  for (let i = 0; i < count; i++) {
    const ink = canvas[from + i]!;
    if (ink === 0) continue;
    const at = 4 * i;
    out[at] = pairs[ink >> 6]!;
    out[at + 1] = pairs[(ink >> 4) & 3]!;
    out[at + 2] = pairs[(ink >> 2) & 3]!;
    out[at + 3] = pairs[ink & 3]!;
  }
}

const pair = (left: number, right: number): number => left | (right << 16);

function swapped(pixel: number): number {
  return ((pixel & 0xff) << 8) | (pixel >> 8);
}
