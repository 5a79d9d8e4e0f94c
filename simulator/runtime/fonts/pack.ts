/**
 * Packs GNU Unifont's text form into the terminal's font file:
 *
 *     node --import tsx simulator/runtime/fonts/pack.ts [unifont.hex] [font16.bin]
 *
 * The layout of the result ("XF01") is in firmware/screen/fonts/README.md. The input is Debian's
 * /usr/share/unifont/unifont.hex: one line a code point, `hex:rows`, 32 digits for 8 px wide and 64 for 16 px wide.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HEIGHT = 16;
const HEADER = 20;
const RANGE_ENTRY = 12;

/** Unbroken runs of code points of one width, ascending: letters, signs, boxes. Everything else is a single of 16 px. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e], // ASCII
  [0xa0, 0xac], // Latin-1: cardholders' names, ¥, £, ·
  [0xae, 0xff],
  [0x2010, 0x2027], // dashes, quotation marks, ellipsis
  [0x20a0, 0x20b8], // currency signs
  [0x2190, 0x219b], // arrows
  [0x2460, 0x2473], // circled numbers
  [0x2500, 0x259f], // boxes and blocks
  [0x25a0, 0x25cf], // squares, triangles, circles
  [0x2713, 0x2718], // ticks and crosses
  [0x3000, 0x3020], // Chinese punctuation
  [0xff01, 0xff5e], // full-width ASCII
  [0xffe0, 0xffe6], // full-width currency signs
];

/** Characters beyond GB2312 level 1 that shop names and messages need: common surnames, places, trades. */
const EXTRA =
  "闫邓邵鑫淼祺琪瑞瑶璐璇馨蕊薇雯婷娜妍嫣婧晗晖昊晟睿煜炜烨焱焕堃垚犇骁骅骏翊羿谌谭邢邱邝邬郜郝郦郭鄢阚隗靳娅钰铭锴镕颖" +
  "饺饪馄饨麵粥馍饼糕脍炙烩烤煲熘粽酱醪醇浏湘蜀沪浙闽赣琼黔滇陇苏皖冀豫鄂粤桂渝衢滁亳濮漯鹤汕圳莞佛崂嵊泸泾渭沣汾邯郸鞍沈";

/** The 3,755 characters of GB2312 level 1 (rows 16 to 55). */
function firstLevel(): string[] {
  const decoder = new TextDecoder("gbk");
  const characters: string[] = [];
  for (let row = 0xb0; row <= 0xd7; row++) {
    const last = row === 0xd7 ? 0xf9 : 0xfe;
    for (let cell = 0xa1; cell <= last; cell++) characters.push(decoder.decode(Uint8Array.of(row, cell)));
  }
  return characters;
}

function readGlyphs(file: string): Map<number, Uint8Array> {
  const glyphs = new Map<number, Uint8Array>();
  for (const line of readFileSync(file, "latin1").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0)
      glyphs.set(Number.parseInt(line.slice(0, colon), 16), Buffer.from(line.slice(colon + 1).trim(), "hex"));
  }
  return glyphs;
}

/** The font file's bytes; throws where the source lacks a glyph or a range mixes widths. */
function pack(glyphs: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const inRange = (code: number): boolean => RANGES.some(([first, last]) => code >= first && code <= last);
  const singles = [...new Set([...firstLevel(), ...EXTRA].map((character) => character.codePointAt(0) as number))]
    .filter((code) => !inRange(code))
    .sort((left, right) => left - right);
  const glyphOf = (code: number, bytes: number): Uint8Array => {
    const glyph = glyphs.get(code);
    if (glyph?.length !== bytes) throw new Error(`U+${code.toString(16)}: no glyph of ${bytes} bytes`);
    return glyph;
  };

  const table = Buffer.alloc(RANGES.length * RANGE_ENTRY);
  const blocks: Uint8Array[] = [];
  const singlesTableOffset = HEADER + table.length;
  const padded = singlesTableOffset + singles.length * 2 + ((singles.length * 2) % 4);
  let offset = padded;
  RANGES.forEach(([first, last], index) => {
    const width = (glyphs.get(first) as Uint8Array).length / 2;
    const at = index * RANGE_ENTRY;
    table.writeUInt32LE(first, at);
    table.writeUInt16LE(last - first + 1, at + 4);
    table.writeUInt16LE(width, at + 6);
    table.writeUInt32LE(offset, at + 8);
    for (let code = first; code <= last; code++) {
      const glyph = glyphOf(code, width * 2);
      blocks.push(glyph);
      offset += glyph.length;
    }
  });
  const codes = Buffer.alloc(padded - singlesTableOffset);
  singles.forEach((code, index) => {
    codes.writeUInt16LE(code, index * 2);
  });
  const header = Buffer.alloc(HEADER);
  header.write("XF01", "latin1");
  header.writeUInt16LE(HEIGHT, 4);
  header.writeUInt16LE(RANGES.length, 6);
  header.writeUInt32LE(singles.length, 8);
  header.writeUInt32LE(singlesTableOffset, 12);
  header.writeUInt32LE(offset, 16);
  return Buffer.concat([header, table, codes, ...blocks, ...singles.map((code) => glyphOf(code, 32))]);
}

const [source = "/usr/share/unifont/unifont.hex", target] = process.argv.slice(2);
const file = target ?? fileURLToPath(new URL("../../../firmware/screen/fonts/font16.bin", import.meta.url));
const font = pack(readGlyphs(source));
writeFileSync(file, font);
process.stderr.write(`${file}: ${font.length} bytes\n`);
