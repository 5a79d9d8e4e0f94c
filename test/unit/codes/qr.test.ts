import { test } from "uvu";
import * as assert from "uvu/assert";
import { toHex } from "#native/bytes";
import { sha256 } from "#native/digest";
import { qrDraw, qrFormat, qrMask, qrPatterns, qrPenalty, qrPlace, qrRemainder } from "#native/qr";
import { fitCode } from "../../../firmware/codes/fit.ts";
import { encodeQr } from "../../../firmware/codes/qr.ts";
import { dataCodewords, segmentsOf, versionOf } from "../../../firmware/codes/qr-data.ts";
import { blocksOf, codewordsOf } from "../../../firmware/codes/qr-versions.ts";

const hexOf = (bytes: Uint8Array): string => toHex(bytes);

test("the standard's example: 01234567 in version 1-M, with its codewords for correction", () => {
  const data = dataCodewords("01234567", "M")!;
  assert.is(data.version, 1);
  assert.is(hexOf(data.codewords), "10200C566180EC11EC11EC11EC11EC11");
  assert.is(hexOf(qrRemainder(data.codewords, 10)), "A524D4C1ED36C7872C55");
});

test("capacities are the standard's: 15-L holds 1,250 digits, 758 letters or 520 bytes, and not one more", () => {
  for (const [character, most] of [
    ["7", 1250],
    ["A", 758],
    ["a", 520],
  ] as const) {
    assert.is(dataCodewords(character.repeat(most), "L")?.version, 15, character);
    assert.is(dataCodewords(character.repeat(most + 1), "L"), undefined, character);
  }
  assert.is(encodeQr("a".repeat(521), { level: "L" }), undefined);
  assert.is(encodeQr("a".repeat(60), { level: "M", largest: 3 }), undefined);
});

test("codewords are the standard's", () => {
  assert.equal([1, 2, 6, 7, 10, 15].map(codewordsOf), [26, 44, 172, 196, 346, 655]);
  assert.equal(blocksOf(5, "H"), { count: 4, correction: 22, data: 46 });
});

test("an empty text is a code too", () => {
  assert.is(encodeQr("", { level: "M" })?.version, 1);
});

test("Chinese goes in as UTF-8", () => {
  const data = dataCodewords("收款", "M")!;
  assert.is(hexOf(data.codewords).slice(0, 16), "406E694B6E6ACBE0");
});

test("long rows of digits take segments of their own where that is shorter: bytes, digits, capitals, bytes", () => {
  assert.is(dataCodewords("a0123456", "M")?.version, 1);
  assert.is(hexOf(dataCodewords("a0123456789b", "L")!.codewords).slice(0, 28), "4016110280C566A694016200EC11");
  // Seven digits between capitals are shorter as capitals: one segment in that mode.
  assert.is(hexOf(dataCodewords("AB1234567CD", "L")!.codewords).slice(0, 3), "205");
  const payment = "0002010102121531000000000000000089831017299100126440009COM.XSPOS0115898310172991001";
  assert.ok(dataCodewords(payment, "M")!.version < dataCodewords(payment.replace(/\d/g, "a"), "M")!.version - 1);
});

test("a code is as large as its square allows, and then as strong as that size allows", () => {
  const order = "9876543210987654321098765432";
  const fitted = fitCode(order, 232, 8)!;
  assert.equal({ size: fitted.size, scale: fitted.scale }, { size: 21, scale: 8 });
  // 25 modules with their quiet zone in 232 dots are smaller than 8 each: level Q would need them.
  assert.is(versionOf(segmentsOf(order), "M"), 1);
  assert.is(versionOf(segmentsOf(order), "Q"), 2);
  assert.equal(fitted.modules, encodeQr(order, { level: "M" })!.modules);
  assert.equal(fitCode(order, 999, 6)!.modules, encodeQr(order, { level: "H" })!.modules);
  assert.is(fitCode(order, 28, 8), undefined);
  assert.is(fitCode("a".repeat(521), 1000, 8), undefined);
});

test("the mask that reads best is taken, and a given one is kept", () => {
  const text = "https://qr.example/0002010102111531";
  const best = encodeQr(text, { level: "M" })!;
  const penalties = Array.from({ length: 8 }, (_, mask) => {
    const code = encodeQr(text, { level: "M", mask })!;
    assert.is(code.mask, mask);
    return qrPenalty(code.modules, code.size);
  });
  assert.is(penalties[best.mask], Math.min(...penalties));
  assert.ok(new Set(penalties).size > 4);
});

test("a payment's code is the same to the module on every ground", () => {
  const code = encodeQr("00020101021229370016A0000006770101110113006681234567853037645406100.005802TH6304F142", {
    level: "M",
  })!;
  assert.equal({ version: code.version, size: code.size, mask: code.mask }, { version: 4, size: 33, mask: 2 });
  assert.is(hexOf(sha256(code.modules)).slice(0, 16), "B1F6ACF58BC84A35");
});

test("modules are drawn as squares, clipped at every edge of the canvas", () => {
  const code = encodeQr("01234567", { level: "M" })!;
  const canvas = (rows: number, y: number): string => {
    const bits = new Uint8Array(4 * rows);
    qrDraw(bits, 4, rows, 5, y, code.modules, code.size, 2);
    return hexOf(bits);
  };
  // Seven dark modules of the finder pattern are fourteen pixels, after five that are empty.
  assert.is(canvas(1, 0).slice(0, 5), "07FFE");
  assert.is(canvas(3, 2).slice(0, 16), "00".repeat(8));
  assert.is(canvas(3, 2).slice(16), canvas(1, 0));
  assert.is(canvas(2, -2), canvas(4, 0).slice(16));
  assert.is(canvas(2, -41), `${canvas(42, 0).slice(-8)}00000000`);
  assert.is(canvas(1, 2), "00000000");
});

test("wrong arguments are refused, and nothing is written", () => {
  const [modules, reserved] = [new Uint8Array(63), new Uint8Array(63)];
  assert.throws(() => qrMask(modules, reserved, 20, 0), RangeError);
  assert.throws(() => qrMask(modules, reserved, 21, 8), RangeError);
  assert.throws(() => qrMask(modules.subarray(1), reserved, 21, 0), RangeError);
  assert.throws(() => qrPlace(modules, reserved.subarray(1), 21, modules), RangeError);
  assert.throws(() => qrPenalty(modules, 25), RangeError);
  assert.throws(() => qrRemainder(new Uint8Array(256), 7), RangeError);
  assert.throws(() => qrRemainder(modules, 0), RangeError);
  assert.throws(() => qrRemainder(modules, 69), RangeError);
  assert.throws(() => qrPatterns(modules, reserved, 25), RangeError);
  assert.throws(() => qrFormat(modules, reserved, 21, 32), RangeError);
  assert.throws(() => qrDraw(new Uint8Array(9), 2, 5, 0, 0, modules, 21, 1), RangeError);
  assert.throws(() => qrDraw(new Uint8Array(9), 2, 4, -1, 0, modules, 21, 1), RangeError);
  assert.throws(() => qrDraw(new Uint8Array(9), 2, 4, 0, 0, modules, 21, 0), RangeError);
  assert.throws(() => qrDraw(new Uint8Array(9), 2, 4, 0, 0, modules, 22, 1), RangeError);
  assert.equal(modules, new Uint8Array(63));
});

test.run();
