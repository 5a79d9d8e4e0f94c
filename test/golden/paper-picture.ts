import { PNG } from "pngjs";
import type { Copy, ReceiptData } from "../../firmware/receipt/data.ts";
import { PaperDrawing } from "../../firmware/receipt/draw.ts";
import { type Line, receiptLines } from "../../firmware/receipt/lines.ts";
import { Font } from "../../firmware/screen/font.ts";
import type { Language } from "../../firmware/screen/messages/words.ts";
import { font } from "./fake-display.ts";

export const PAPER_WIDTH = 384;

/** A receipt's dots, without a printer. */
export function paperOf(data: ReceiptData, copy: Copy, language: Language): { bits: Buffer; rows: number } {
  return paperOfLines(receiptLines(data, copy, language));
}

/** The dots of any lines. */
export function paperOfLines(lines: readonly Line[]): { bits: Buffer; rows: number } {
  const drawing = new PaperDrawing(new Font(font), PAPER_WIDTH);
  const pieces = Array.from(drawing.pieces(lines), (piece) => Buffer.from(piece));
  const bits = Buffer.concat(pieces);
  return { bits, rows: (bits.length * 8) / PAPER_WIDTH };
}

/** Dots as a picture, black on white. */
export function paperPng({ bits, rows }: { readonly bits: Buffer; readonly rows: number }): Buffer {
  const png = new PNG({ width: PAPER_WIDTH, height: rows });
  for (let at = 0; at < PAPER_WIDTH * rows; at++) {
    const black = ((bits[at >> 3] as number) << (at & 7)) & 0x80;
    png.data.set(black ? [0, 0, 0, 255] : [255, 255, 255, 255], at * 4);
  }
  return PNG.sync.write(png);
}
