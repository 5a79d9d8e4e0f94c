import { readFileSync } from "node:fs";

/** The font of the firmware in this tree: "XF01" (firmware/screen/fonts/README.md). */
const FONT = new URL("../../firmware/screen/fonts/font16.bin", import.meta.url);
const HEADER = 20;
const RANGE = 12;
const ROWS = 16;

/** Which characters a font for a package has. */
export const FONTS = ["whole", "latin", "bold"] as const;
export type FontName = (typeof FONTS)[number];

/**
 * A font for a package: the firmware's own, its ranges alone (signs and letters, no Chinese characters), or these in bold: each
 * dot of 8 pixels' width with the one to its right.
 */
export function fontFor(name: FontName): Uint8Array {
  const file = readFileSync(FONT);
  if (name === "whole") return new Uint8Array(file);
  const count = file.readUInt16LE(6);
  const ranges = Array.from({ length: count }, (_, index) => HEADER + RANGE * index).map((at) => ({
    first: file.readUInt32LE(at),
    count: file.readUInt16LE(at + 4),
    width: file.readUInt16LE(at + 6),
    offset: file.readUInt32LE(at + 8),
  }));
  let end = HEADER + RANGE * count;
  const head = Buffer.alloc(end);
  file.copy(head, 0, 0, 8);
  const glyphs: Buffer[] = [];
  for (const [index, range] of ranges.entries()) {
    const bytes = (range.count * range.width * ROWS) / 8;
    const own = Buffer.from(file.subarray(range.offset, range.offset + bytes));
    if (name === "bold" && range.width === 8) for (const [at, row] of own.entries()) own[at] = row | (row >> 1);
    const at = HEADER + RANGE * index;
    head.writeUInt32LE(range.first, at);
    head.writeUInt16LE(range.count, at + 4);
    head.writeUInt16LE(range.width, at + 6);
    head.writeUInt32LE(end, at + 8);
    glyphs.push(own);
    end += own.length;
  }
  // No singles: their table and their glyphs are empty.
  head.writeUInt32LE(0, 8);
  head.writeUInt32LE(end, 12);
  head.writeUInt32LE(end, 16);
  return new Uint8Array(Buffer.concat([head, ...glyphs]));
}
