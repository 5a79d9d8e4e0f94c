import { base64 } from "./base64.ts";
import type { PageEvent } from "./protocol.ts";

const WIDTH = 320;
const HEIGHT = 240;

/** Finds the rows of the LCD that have changed since it was last asked. */
export class LcdFeed {
  #last: Uint16Array | undefined;

  /** `undefined` when the picture is the same; rows are little-endian RGB565. */
  next(pixels: Uint16Array): PageEvent | undefined {
    let first = HEIGHT;
    let last = -1;
    for (let row = 0; row < HEIGHT; row++) {
      if (this.#changed(pixels, row)) {
        first = Math.min(first, row);
        last = row;
      }
    }
    if (last < 0) return undefined;
    this.#last = pixels.slice();
    return lcdEvent(pixels, first, last + 1);
  }

  #changed(pixels: Uint16Array, row: number): boolean {
    if (this.#last === undefined) return true;
    for (let place = row * WIDTH; place < (row + 1) * WIDTH; place++) {
      if (pixels[place] !== this.#last[place]) return true;
    }
    return false;
  }
}

/** The rows from `first` to before `end`. */
export function lcdEvent(pixels: Uint16Array, first = 0, end = HEIGHT): PageEvent {
  const rows = pixels.subarray(first * WIDTH, end * WIDTH);
  return { name: "lcd", data: { y: first, rows: base64(new Uint8Array(rows.slice().buffer)) } };
}
