import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "#native/digest";
import { fill, measure, pack565, stamp, text } from "#native/raster";
import { concat } from "../../../firmware/codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { Seeded } from "../seeded.ts";

const little = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);

/** A diagonal, a corner and a full box as the characters A, B and C; a wide diamond for U+4E2D. */
const narrow = hexToBytes(
  "80804040202010100808040402020101" + "FF808080808080808080808080808080" + "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
);
const wide = concat(
  Array.from({ length: 16 }, (_, y) => {
    const spread = y < 8 ? y : 15 - y;
    return Uint8Array.of(0x01 << spread, (0x80 >> spread) & 0xff);
  }),
);
const glyphsAt = 20 + 12 + 2;
const font = concat([
  asciiToBytes("XF01"),
  little(16, 2),
  little(1, 2),
  little(1, 4),
  little(32, 4),
  little(glyphsAt + narrow.length, 4),
  little(0x41, 4),
  little(3, 2),
  little(8, 2),
  little(glyphsAt, 4),
  little(0x4e2d, 2),
  narrow,
  wide,
]);

/** Draws one character. */
function glyph(...[bits, stride, rows, x, y, font, codePoint, scale, value]: GlyphArguments): number {
  return text(bits, stride, rows, x, y, font, String.fromCodePoint(codePoint), scale, value);
}
type GlyphArguments = [Uint8Array, number, number, number, number, Uint8Array, number, number, number];

/** The picture as text, a row a line. */
function picture(bits: Uint8Array, stride: number): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bits.length; at += stride) {
    rows.push(
      Array.from(bits.subarray(at, at + stride), (byte) => byte.toString(2).padStart(8, "0"))
        .join("")
        .replace(/0/g, ".")
        .replace(/1/g, "#"),
    );
  }
  return rows;
}

const rowsOf = (bits: Uint8Array): string[] => picture(bits, 2);

test("a rectangle covers its pixels and no others", () => {
  const bits = new Uint8Array(8);
  fill(bits, 2, 3, 1, 8, 2, 1);
  assert.equal(picture(bits, 2), ["................", "...########.....", "...########.....", "................"]);
  fill(bits, 2, 5, 1, 2, 1, 0);
  assert.is(picture(bits, 2)[1], "...##..####.....");
});

test("a rectangle is clipped on all sides", () => {
  const bits = new Uint8Array(6);
  fill(bits, 2, -5, -5, 100, 100, 1);
  assert.is(bytesToHex(bits), "FFFFFFFFFFFF");
  fill(bits, 2, 15, 2, 1, 1, 0);
  assert.is(bytesToHex(bits), "FFFFFFFFFFFE");
  for (const [x, y, width, height] of [
    [16, 0, 5, 5],
    [0, 3, 5, 5],
    [-5, 0, 5, 5],
    [0, -5, 5, 5],
    [0, 0, 0, 5],
    [0, 0, 5, -1],
    [-0x3fffffff, 0, 5, 1],
  ] as const) {
    fill(bits, 2, x, y, width, height, 0);
    assert.is(bytesToHex(bits), "FFFFFFFFFFFE");
  }
});

test("a rectangle may be as wide as one byte, two, or many", () => {
  for (const [x, width, expected] of [
    [0, 8, "FF000000"],
    [7, 2, "01800000"],
    [4, 8, "0FF00000"],
    [1, 30, "7FFFFFFE"],
    [8, 16, "00FFFF00"],
  ] as const) {
    const bits = new Uint8Array(4);
    fill(bits, 4, x, 0, width, 1, 1);
    assert.is(bytesToHex(bits), expected);
  }
});

test("a character is drawn where it is asked for and gives its width", () => {
  const bits = new Uint8Array(3 * 16);
  assert.is(glyph(bits, 3, 16, 0, 0, font, 0x42, 1, 1), 8);
  assert.is(glyph(bits, 3, 16, 8, 0, font, 0x4e2d, 1, 1), 16);
  const rows = picture(bits, 3);
  assert.is(rows[0], "########.......##.......");
  assert.is(rows[7], "#.......#..............#");
  assert.is(rows[15], "#..............##.......");
});

test("a character between bytes touches both and keeps what was there", () => {
  const bits = new Uint8Array(2 * 16).fill(0x81);
  glyph(bits, 2, 16, 3, 0, font, 0x43, 1, 1);
  assert.is(picture(bits, 2)[5], "#..########....#");
  glyph(bits, 2, 16, 3, 0, font, 0x43, 1, 0);
  assert.is(picture(bits, 2)[5], "#..............#");
});

test("a character is clipped on all sides", () => {
  const whole = new Uint8Array(4 * 32);
  glyph(whole, 4, 32, 8, 8, font, 0x42, 1, 1);
  const rows = picture(whole, 4);
  for (const [x, y] of [
    [-3, -5],
    [11, -5],
    [-3, 9],
    [11, 9],
  ] as const) {
    const part = new Uint8Array(2 * 16);
    assert.is(glyph(part, 2, 16, x, y, font, 0x42, 1, 1), 8);
    const expected = Array.from({ length: 16 }, (_, row) =>
      Array.from({ length: 16 }, (_, column) => rows[row - y + 8]?.[column - x + 8] ?? ".").join(""),
    );
    assert.equal(picture(part, 2), expected);
  }
  const untouched = new Uint8Array(2 * 16);
  for (const [x, y] of [
    [-8, 0],
    [16, 0],
    [0, -16],
    [0, 16],
    [0x3fffffff, 0],
    [0, -0x3fffffff],
  ] as const) {
    assert.is(glyph(untouched, 2, 16, x, y, font, 0x43, 1, 1), 8);
  }
  assert.is(bytesToHex(untouched), "00".repeat(32));
});

test("only the rows that are named belong to the canvas", () => {
  const bits = new Uint8Array(16);
  glyph(bits, 1, 4, 0, 0, font, 0x43, 1, 1);
  assert.is(bytesToHex(bits), `FFFFFFFF${"00".repeat(12)}`);
});

test("a character that the font does not have is a hollow box, wide from the CJK radicals on", () => {
  const bits = new Uint8Array(4 * 16);
  assert.is(glyph(bits, 4, 16, 0, 0, font, 0x44, 1, 1), 8);
  assert.is(glyph(bits, 4, 16, 8, 0, font, 0x2e80, 1, 1), 16);
  assert.is(glyph(bits, 4, 16, 24, 0, font, 0x2e7f, 1, 1), 8);
  const rows = picture(bits, 4);
  assert.is(rows[1], ".".repeat(32));
  assert.is(rows[2], ".######..##############..######.");
  assert.is(rows[3], ".#....#..#............#..#....#.");
  assert.is(rows[13], rows[2]);
  assert.is(rows[14], rows[1]);
});

test("twice as large, corners are smoothed", () => {
  const bits = new Uint8Array(2 * 32);
  assert.is(glyph(bits, 2, 32, 0, 0, font, 0x42, 2, 1), 16);
  const rows = picture(bits, 2);
  assert.is(rows[0], ".###############");
  assert.is(rows[2], "###.............");
  assert.is(rows[4], "##..............");
});

test("widths grow with the size", () => {
  for (const scale of [1, 2, 3, 4]) {
    const bits = new Uint8Array(8 * 64);
    assert.is(glyph(bits, 8, 64, 0, 0, font, 0x4e2d, scale, 1), 16 * scale);
    assert.is(glyph(bits, 8, 64, 0, 0, font, 0x43, scale, 1), 8 * scale);
    assert.is(bits[0], scale === 1 ? 0xff : bits[0]);
  }
});

test("a random scene is the same picture on every ground", () => {
  const seeded = new Seeded(53);
  const bits = new Uint8Array(12 * 80);
  for (let i = 0; i < 80; i++) {
    const [x, y] = [seeded.below(160) - 40, seeded.below(140) - 40];
    if (seeded.below(4) === 0) {
      fill(bits, 12, x, y, seeded.below(40), seeded.below(20), seeded.below(2));
    } else {
      const character = seeded.pick([0x41, 0x42, 0x43, 0x44, 0x4e2d, 0x4e00]);
      glyph(bits, 12, 80, x, y, font, character, 1 + seeded.below(4), seeded.below(3) === 0 ? 0 : 1);
    }
  }
  assert.is(crc32(bits).toString(16), "9ecfc01a");
});

/** A font of random dots: letters from A, and wide characters from U+4E00. */
function randomFont(seeded: Seeded, letters: number, wides: number): Uint8Array {
  const at = 20 + 2 * 12;
  const range = (first: number, count: number, width: number, offset: number): Uint8Array[] => [
    little(first, 4),
    little(count, 2),
    little(width, 2),
    little(offset, 4),
  ];
  return concat([
    asciiToBytes("XF01"),
    little(16, 2),
    little(2, 2),
    little(0, 4),
    little(at, 4),
    little(at, 4),
    ...range(0x41, letters, 8, at),
    ...range(0x4e00, wides, 16, at + 16 * letters),
    Uint8Array.from({ length: 16 * letters + 32 * wides }, () => seeded.below(256)),
  ]);
}

test("glyphs of every shape are smoothed alike on every ground, at their edges too", () => {
  const seeded = new Seeded(61);
  const dots = randomFont(seeded, 20, 20);
  const words = Array.from({ length: 20 }, (_, place) => String.fromCharCode(0x41 + place, 0x4e00 + place)).join("");
  const checks = [1, 2, 3, 4].map((scale) => {
    const stride = 3 * 20 * scale;
    const bits = new Uint8Array(stride * 16 * scale);
    assert.is(text(bits, stride, 16 * scale, 0, 0, dots, words, scale, 1), 8 * stride);
    return crc32(bits).toString(16);
  });
  assert.equal(checks, ["2721798a", "6d640fc3", "77b42130", "925f4d7a"]);
});

test("a picture's ink is drawn where it is asked for, clipped on all sides, and its paper leaves what was there", () => {
  const picture = hexToBytes("FF8181FF0FF0");
  const bits = new Uint8Array(2 * 4);
  fill(bits, 2, 0, 1, 3, 1, 1);
  stamp(bits, 2, 4, 4, 1, picture, 2);
  assert.equal(rowsOf(bits), ["................", "###.#########...", "....#......#####", "........########"]);
  for (const [x, y] of [
    [-9, -1],
    [13, 2],
    [-16, 0],
    [16, 0],
    [0, -3],
    [0, 4],
    [0x3fffffff, 0],
    [0, -0x3fffffff],
  ] as const) {
    const part = new Uint8Array(2 * 4);
    stamp(part, 2, 4, x, y, picture, 2);
    const dot = (row: number, column: number): string => rowsOf(picture)[row - y]?.[column - x] ?? ".";
    const expected = Array.from({ length: 4 }, (_, row) => Array.from({ length: 16 }, (_, column) => dot(row, column)));
    assert.equal(
      rowsOf(part),
      expected.map((row) => row.join("")),
    );
  }
  assert.throws(() => stamp(bits, 2, 5, 0, 0, picture, 2));
  for (const wrong of [0, 9, 1.5, -1]) assert.throws(() => stamp(bits, 2, 4, 0, 0, picture, wrong));
});

test("a pixel's two bytes lie anywhere in memory", () => {
  const bits = hexToBytes("A5FF0F00");
  const straight = new Uint8Array(64);
  pack565(bits, 2, 0, 2, straight, 0xf81f, 0x07e0);
  for (const offset of [1, 2, 3]) {
    const out = new Uint8Array(70);
    pack565(bits, 2, 0, 2, out.subarray(offset), 0xf81f, 0x07e0);
    assert.is(bytesToHex(out), `${"00".repeat(offset)}${bytesToHex(straight)}${"00".repeat(6 - offset)}`);
  }
});

test("each pixel becomes a colour of two bytes, big-endian", () => {
  const out = new Uint8Array(33).fill(0x55);
  pack565(hexToBytes("00A5FF0F"), 1, 1, 2, out, 0xf81f, 0x07e0);
  assert.is(bytesToHex(out.subarray(0, 16)), "F81F07E0F81F07E007E0F81F07E0F81F");
  assert.is(bytesToHex(out.subarray(16, 32)), "F81F".repeat(8));
  assert.is(out[32], 0x55);
});

test("a canvas or a picture that does not fit its bytes is refused", () => {
  const bits = new Uint8Array(16);
  assert.throws(() => glyph(bits, 2, 9, 0, 0, font, 0x41, 1, 1));
  assert.throws(() => pack565(bits, 2, 0, 9, new Uint8Array(1000), 0, 1));
  assert.throws(() => pack565(bits, 2, 0, 8, new Uint8Array(255), 0, 1));
  assert.throws(() => pack565(bits, 2, 1, 8, new Uint8Array(1000), 0, 1));
  for (const stride of [0, -1, 0x10000, 1.5, Number.NaN]) {
    assert.throws(() => fill(bits, stride, 0, 0, 1, 1, 1), undefined, String(stride));
    assert.throws(() => glyph(bits, stride, 1, 0, 0, font, 0x41, 1, 1), undefined, String(stride));
    assert.throws(() => pack565(bits, stride, 0, 1, new Uint8Array(1000), 0, 1), undefined, String(stride));
  }
});

test("wild numbers are refused", () => {
  const bits = new Uint8Array(16);
  for (const wild of [2 ** 31, -(2 ** 31), 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, 0.5]) {
    assert.throws(() => fill(bits, 1, wild, 0, 1, 1, 1), undefined, String(wild));
    assert.throws(() => fill(bits, 1, 0, 0, 1, wild, 1), undefined, String(wild));
    assert.throws(() => glyph(bits, 1, 16, wild, 0, font, 0x41, 1, 1), undefined, String(wild));
  }
  for (const scale of [0, 5, -1, 1.5]) assert.throws(() => glyph(bits, 1, 16, 0, 0, font, 0x41, scale, 1));
  for (const colour of [-1, 0x10000]) assert.throws(() => pack565(bits, 1, 0, 1, new Uint8Array(16), colour, 0));
  assert.throws(() => fill(bits, 1, 0, 0, 1, 1, 2));
});

test("characters of a text follow each other, whatever part of Unicode they are of", () => {
  const bits = new Uint8Array(8 * 16);
  assert.is(text(bits, 8, 16, 3, 0, font, "AB中😀", 1, 1), 8 + 8 + 16 + 16);
  const apart = new Uint8Array(8 * 16);
  for (const [x, codePoint] of [
    [3, 0x41],
    [11, 0x42],
    [19, 0x4e2d],
    [35, 0x1f600],
  ] as const)
    glyph(apart, 8, 16, x, 0, font, codePoint, 1, 1);
  assert.equal(picture(bits, 8), picture(apart, 8));
  assert.is(text(bits, 8, 16, 0, 0, font, "", 1, 1), 0);
});

test("a text measures what it takes when it is drawn", () => {
  for (const words of ["", "A", "ABC", "中", "A中B", "D\u007f\u00e9", "\u2e7f\u2e80", "😀", "\0A", "\ud800A"]) {
    assert.is(measure(font, words), text(new Uint8Array(16), 1, 16, 0, 0, font, words, 1, 1), JSON.stringify(words));
  }
  assert.is(measure(font, "\0A"), 16);
});

test("what is no text is refused", () => {
  for (const wrong of [undefined, null, 5, {}, ["A"]]) {
    assert.throws(() => measure(font, wrong as string));
    assert.throws(() => text(new Uint8Array(16), 1, 16, 0, 0, font, wrong as string, 1, 1));
  }
});

test("bytes that are no font are refused", () => {
  const bits = new Uint8Array(16);
  for (const bad of [new Uint8Array(0), font.subarray(0, 19), new Uint8Array(400)]) {
    assert.throws(() => measure(bad, "A"));
  }
  for (const bad of [new Uint8Array(0), font.subarray(0, 19), new Uint8Array(400)]) {
    assert.throws(() => glyph(bits, 1, 16, 0, 0, bad, 0x41, 1, 1));
  }
});

test("a font with wild tables draws boxes and stays inside its bytes", () => {
  const seeded = new Seeded(59);
  for (let i = 0; i < 300; i++) {
    const damaged = font.slice(0, 20 + seeded.below(font.length - 20));
    for (let changes = seeded.below(6); changes > 0; changes--) damaged[6 + seeded.below(14)] = seeded.below(256);
    const width = glyph(new Uint8Array(32), 2, 16, 0, 0, damaged, seeded.pick([0x41, 0x43, 0x4e2d]), 1, 1);
    assert.ok(width === 8 || width === 16);
  }
});

test.run();
