/** The terminal's font file as the paper reader sees it; decoded here, apart from the firmware. */

/** A glyph at scale 1: 16 rows, `width` bits each, the leftmost in the highest. */
export interface PaperGlyph {
  readonly character: string;
  readonly width: 8 | 16;
  readonly rows: readonly number[];
}

const ROWS = 16;

/** All glyphs of an "XF01" file (little-endian; see firmware/screen/fonts/README.md). */
export function decodeFont(file: Buffer): PaperGlyph[] {
  if (file.toString("latin1", 0, 4) !== "XF01" || file.readUInt16LE(4) !== ROWS) throw new Error("not an XF01 font");
  const glyphs: PaperGlyph[] = [];
  const add = (code: number, width: number, offset: number): void => {
    if (width !== 8 && width !== 16) throw new Error(`glyph of ${width} px`);
    const rows = Array.from({ length: ROWS }, (_, row) =>
      width === 8 ? file.readUInt8(offset + row) : file.readUInt16BE(offset + 2 * row),
    );
    glyphs.push({ character: String.fromCodePoint(code), width, rows });
  };
  for (let range = 0; range < file.readUInt16LE(6); range++) {
    const at = 20 + 12 * range;
    const width = file.readUInt16LE(at + 6);
    for (let index = 0; index < file.readUInt16LE(at + 4); index++)
      add(file.readUInt32LE(at) + index, width, file.readUInt32LE(at + 8) + index * width * 2);
  }
  const [count, codes, offset] = [file.readUInt32LE(8), file.readUInt32LE(12), file.readUInt32LE(16)];
  for (let index = 0; index < count; index++) add(file.readUInt16LE(codes + 2 * index), 16, offset + 32 * index);
  return glyphs;
}
