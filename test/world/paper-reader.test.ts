import { test } from "uvu";
import * as assert from "uvu/assert";
import { PaperDrawing } from "../../firmware/receipt/draw.ts";
import type { Line } from "../../firmware/receipt/lines.ts";
import type { Align, Scale } from "../../firmware/screen/canvas.ts";
import { Font } from "../../firmware/screen/font.ts";
import { copyOf, readPaper } from "../../simulator/world/paper-reader.ts";
import { font } from "../golden/fake-display.ts";
import { PAPER_WIDTH, paperOf } from "../golden/paper-picture.ts";
import { receipt } from "../golden/samples.ts";

function draw(lines: readonly Line[]): Buffer {
  const drawing = new PaperDrawing(new Font(font), PAPER_WIDTH);
  return Buffer.concat(Array.from(drawing.pieces(lines), (piece) => Buffer.from(piece)));
}
const read = (bits: Buffer): string[] => readPaper(bits, PAPER_WIDTH, (bits.length * 8) / PAPER_WIDTH);
const text = (line: string, scale: Scale = 1, align: Align = "left"): Line => ({
  kind: "text",
  text: line,
  scale,
  align,
});

test("every printable ASCII character is read back at each size", () => {
  let ascii = "";
  for (let code = 0x21; code < 0x7f; code++) ascii += String.fromCharCode(code);
  for (const scale of [1, 2, 3] as const) {
    const perLine = 48 / (2 * scale);
    for (let at = 0; at < ascii.length; at += perLine) {
      // "Ag" fixes the line's place: a lone "-" or "_" could stand at any height.
      const line = `Ag${ascii.slice(at, at + perLine)}`;
      assert.equal(read(draw([text(line, scale)])), [line]);
    }
  }
});

test("Chinese characters of the first level are read back at each size", () => {
  const decoder = new TextDecoder("gbk");
  let all = "";
  for (let row = 0xb0; row <= 0xd7; row++)
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) all += decoder.decode(Uint8Array.of(row, cell));
  for (const [scale, perLine] of [
    [1, 22],
    [2, 10],
    [3, 6],
  ] as const) {
    const lines: string[] = [];
    for (let at = 0; at < all.length; at += perLine) lines.push(`国${all.slice(at, at + perLine)}`);
    assert.equal(read(draw(lines.map((line) => text(line, scale)))), lines);
  }
});

test("lines may stand left, in the middle or right, and mix both widths of character", () => {
  const lines = ["金额 RMB 12.34", "第 1 号", "（备注）：a，b"];
  for (const align of ["left", "centre", "right"] as const)
    for (const scale of [1, 2] as const)
      assert.equal(read(draw(lines.map((line) => text(line, scale, align)))), lines, `${align} ${scale}`);
});

test("text is found at any column and on any row", () => {
  const bits = draw([text("Total 12.34 元")]);
  for (let shift = 1; shift < 8; shift++) {
    const moved = Buffer.alloc(bits.length + 48 * shift);
    for (let at = 0; at < bits.length; at++)
      moved[at + 48 * shift] = ((bits[at - 1] ?? 0) << (8 - shift)) | ((bits[at] as number) >> shift);
    assert.equal(read(moved), ["Total 12.34 元"], `shifted by ${shift}`);
  }
});

test("a single wrong dot makes a line unreadable", () => {
  const bits = draw([text("Total 12.34"), text("Thank you")]);
  const at = 48 * 8 + 4;
  bits[at] = (bits[at] as number) ^ 0x10;
  assert.equal(read(bits), ["\ufffd", "Thank you"]);
});

test("rules and blank paper say nothing", () => {
  assert.equal(read(draw([{ kind: "rule" }, { kind: "space", rows: 40 }, text("x"), { kind: "rule" }])), ["x"]);
  assert.equal(read(Buffer.alloc(48 * 100)), []);
});

test("a torn-off line is unreadable, not an error", () => {
  const bits = draw([text("Total 12.34"), text("Thank you")]);
  assert.equal(read(bits.subarray(0, 48 * 30)), ["Total 12.34", "\ufffd"]);
});

test("both copies of a receipt are read whole, tell who they are for, and hide the card number's middle", () => {
  for (const language of ["en", "zh"] as const)
    for (const copy of ["merchant", "cardholder"] as const) {
      const { bits, rows } = paperOf(receipt, copy, language);
      const lines = readPaper(bits, PAPER_WIDTH, rows);
      assert.is(copyOf(lines), copy);
      assert.not.ok(lines.includes("\ufffd"));
      for (const part of ["6228 48** **** 1117 I", "RMB 1234.56", "8A1F03C2D9447B60", "老王牛肉面馆（人民路店）"])
        assert.ok(
          lines.some((line) => line.includes(part)),
          `${language} ${copy}: ${part}`,
        );
    }
});

test("a receipt is read in less than 15 ms", () => {
  const pictures = Array.from({ length: 20 }, (_, index) =>
    paperOf(
      { ...receipt, voucher: `${100000 + index}`, reference: `${987654300000 + index * 7919}` },
      "merchant",
      "zh",
    ),
  );
  const started = performance.now();
  for (const { bits, rows } of pictures) readPaper(bits, PAPER_WIDTH, rows);
  assert.ok((performance.now() - started) / pictures.length < 15);
});

test.run();
