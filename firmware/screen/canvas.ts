import { qrDraw } from "#native/qr";
import { text as drawText, fill, stamp } from "#native/raster";
import type { FittedCode } from "../codes/fit.ts";
import type { Font } from "./font.ts";
import { shorten } from "./text-layout.ts";

export type Scale = 1 | 2 | 3;
export type Align = "left" | "centre" | "right";
export type Ink = 0 | 1;

/**
 * A picture of one bit a pixel (1 = ink), rows of `stride` bytes, MSB left, in a buffer that is used again for every
 * region or band of paper. Widths are multiples of 8.
 */
export class Canvas {
  readonly font: Font;
  readonly #buffer: Uint8Array;
  #width = 0;
  #height = 0;
  #bits: Uint8Array;

  /** `capacity`: bytes of the largest picture. */
  constructor(font: Font, capacity: number) {
    this.font = font;
    this.#buffer = new Uint8Array(capacity);
    this.#bits = this.#buffer.subarray(0, 0);
  }

  get width(): number {
    return this.#width;
  }
  get height(): number {
    return this.#height;
  }
  get stride(): number {
    return this.#width >> 3;
  }
  /** The picture's rows; valid until the next `reset`. */
  get bits(): Uint8Array {
    return this.#bits;
  }

  /** Starts an empty picture. Throws `RangeError` where it does not fit the buffer or the width is no multiple of 8. */
  reset(width: number, height: number): void {
    const bytes = (width >> 3) * height;
    if (width & 7 || bytes > this.#buffer.length) throw new RangeError(`canvas: ${width} x ${height}`);
    if (width !== this.#width || height !== this.#height) this.#bits = this.#buffer.subarray(0, bytes);
    this.#width = width;
    this.#height = height;
    fill(this.#bits, this.stride, 0, 0, width, height, 0);
  }

  /** Fills a rectangle, clipped to the picture. */
  fill(x: number, y: number, width: number, height: number, ink: Ink = 1): void {
    fill(this.#bits, this.stride, x, y, width, height, ink);
  }

  /** Draws the ink of a picture of one bit a pixel, rows of `stride` bytes, clipped. */
  stamp(x: number, y: number, picture: Uint8Array, stride: number): void {
    stamp(this.#bits, this.stride, this.#height, x, y, picture, stride);
  }

  /** Draws the dark modules of a code, its quiet zone left out, with its top left corner at x, y. */
  code(x: number, y: number, { size, modules, scale }: FittedCode): void {
    qrDraw(this.#bits, this.stride, this.#height, x, y, modules, size, scale);
  }

  /** Draws a text with its top left corner at x, y and gives the x after it. A character without a glyph is a box. */
  text(x: number, y: number, text: string, scale: Scale = 1, ink: Ink = 1): number {
    return x + drawText(this.#bits, this.stride, this.#height, x, y, this.font.bytes, text, scale, ink);
  }

  /** Draws one line between `left` and `left + width`, shortened with an ellipsis where it does not fit. */
  line(left: number, y: number, width: number, text: string, scale: Scale, align: Align, ink: Ink = 1): void {
    const whole = this.font.measure(text) * scale;
    const shown = whole <= width ? text : shorten(text, width, (part) => this.font.measure(part) * scale);
    const spare = width - (shown === text ? whole : this.font.measure(shown) * scale);
    const offset = align === "left" ? 0 : align === "right" ? spare : spare >> 1;
    this.text(left + offset, y, shown, scale, ink);
  }
}
