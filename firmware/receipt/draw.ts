import { fitCode, quietZone } from "../codes/fit.ts";
import { Canvas, type Scale } from "../screen/canvas.ts";
import { type Font, GLYPH_HEIGHT } from "../screen/font.ts";
import { wrap } from "../screen/text-layout.ts";
import type { Line } from "./lines.ts";

/** Rows between two lines of text; large text has more above it. */
const LEADING = 6;
const above = (scale: Scale): number => 3 * (scale - 1);
const RULE_ROWS = 12;
/** Dots of a code's module at most: 1 mm at 203 an inch. */
const LARGEST_MODULE = 8;
/** Rows of blank paper, and of codes, that are sent at once. */
const BLANK_ROWS = 24;

/** Gives a receipt's rows piece by piece: each piece is at most one line of text high, so that little memory is needed. */
export class PaperDrawing {
  readonly #canvas: Canvas;
  readonly #width: number;

  /** `width` in dots, a multiple of 8. */
  constructor(font: Font, width: number) {
    this.#width = width;
    this.#canvas = new Canvas(font, (width >> 3) * (GLYPH_HEIGHT * 3 + above(3) + LEADING));
  }

  /** Calls `send` with whole rows (1 = black); they are valid until it is called again. */
  *pieces(lines: readonly Line[]): Generator<Uint8Array, void, undefined> {
    for (const line of lines) yield* this.#line(line);
  }

  *#line(line: Line): Generator<Uint8Array, void, undefined> {
    const canvas = this.#canvas;
    const { font } = canvas;
    switch (line.kind) {
      case "rule":
        canvas.reset(this.#width, RULE_ROWS);
        canvas.fill(0, (RULE_ROWS - LEADING) >> 1, this.#width, 2);
        yield canvas.bits;
        break;
      case "space":
        for (let rows = line.rows; rows > 0; rows -= BLANK_ROWS) {
          canvas.reset(this.#width, Math.min(rows, BLANK_ROWS));
          yield canvas.bits;
        }
        break;
      case "code": {
        const code = fitCode(line.text, Math.min(line.width, this.#width), LARGEST_MODULE);
        if (code === undefined) break;
        const quiet = quietZone * code.scale;
        const side = code.size * code.scale + 2 * quiet;
        for (let top = 0; top < side; top += BLANK_ROWS) {
          canvas.reset(this.#width, Math.min(side - top, BLANK_ROWS));
          canvas.code((this.#width - side + 2 * quiet) >> 1, quiet - top, code);
          yield canvas.bits;
        }
        break;
      }
      case "text":
        for (const text of wrap(line.text, this.#width, (part) => font.measure(part) * line.scale)) {
          canvas.reset(this.#width, above(line.scale) + GLYPH_HEIGHT * line.scale + LEADING);
          canvas.line(0, above(line.scale), this.#width, text, line.scale, line.align);
          yield canvas.bits;
        }
        break;
      case "pair": {
        const top = above(line.scale);
        const label = font.measure(`${line.label} `) * line.scale;
        const beside = label + font.measure(line.value) * line.scale <= this.#width;
        canvas.reset(this.#width, top + GLYPH_HEIGHT * line.scale + LEADING);
        canvas.text(0, top, line.label, line.scale);
        if (beside) canvas.line(label, top, this.#width - label, line.value, line.scale, "right");
        yield canvas.bits;
        if (!beside) yield* this.#line({ kind: "text", text: line.value, scale: line.scale, align: "right" });
      }
    }
  }
}
