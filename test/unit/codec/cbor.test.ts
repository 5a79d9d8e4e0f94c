import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CborValue, decodeCbor, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { Seeded } from "../seeded.ts";
import { refusesEveryPrefix, survives, survivesChanges } from "./hostile.ts";

/** Values and their encodings from RFC 8949, appendix A, and integers at the edges of the heads. */
const published: readonly (readonly [CborValue, string])[] = [
  [0, "00"],
  [23, "17"],
  [24, "1818"],
  [100, "1864"],
  [1000, "1903E8"],
  [1000000, "1A000F4240"],
  [1000000000000, "1B000000E8D4A51000"],
  [2 ** 53 - 1, "1B001FFFFFFFFFFFFF"],
  [-1, "20"],
  [-100, "3863"],
  [-1000, "3903E7"],
  [-(2 ** 53 - 1), "3B001FFFFFFFFFFFFE"],
  [1.1, "FB3FF199999999999A"],
  [-4.1, "FBC010666666666666"],
  [1.0e300, "FB7E37E43C8800759C"],
  [false, "F4"],
  [true, "F5"],
  [null, "F6"],
  [undefined, "F7"],
  [hexToBytes("01020304"), "4401020304"],
  ["", "60"],
  ["IETF", "6449455446"],
  ['"\\', "62225C"],
  ["\u00fc", "62C3BC"],
  ["\u6c34", "63E6B0B4"],
  ["\u{10151}", "64F0908591"],
  [[], "80"],
  [[1, [2, 3], [4, 5]], "8301820203820405"],
  [{}, "A0"],
  [{ a: 1, b: [2, 3] }, "A26161016162820203"],
];

for (const [value, hex] of published) {
  test(`${hex} is written and read`, () => {
    assert.is(bytesToHex(encodeCbor(value)), hex);
    assert.equal(decodeCbor(hexToBytes(hex)), value);
  });
}

test("map keys are written by length, then by character", () => {
  assert.is(bytesToHex(encodeCbor({ b: 1, aa: 2, a: 3 })), "A3616103616201626161" + "02");
});

test("negative zero and infinities are floats", () => {
  assert.is(bytesToHex(encodeCbor(-0)), "FB8000000000000000");
  assert.ok(Object.is(decodeCbor(encodeCbor(-0)), -0));
  assert.is(decodeCbor(encodeCbor(Number.POSITIVE_INFINITY)), Number.POSITIVE_INFINITY);
});

test("what other encoders write is read: long heads, short floats, tagged byte strings", () => {
  assert.is(decodeCbor(hexToBytes("190001")), 1);
  assert.equal(decodeCbor(hexToBytes("B90001616101")), { a: 1 });
  assert.is(decodeCbor(hexToBytes("FA47C35000")), 100000);
  assert.equal(decodeCbor(hexToBytes("D8404101")), hexToBytes("01"));
});

test("byte strings are copies, so the input can be used again", () => {
  const input = hexToBytes("4401020304");
  const value = decodeCbor(input) as Uint8Array;
  input.fill(0);
  assert.equal(value, hexToBytes("01020304"));
});

test("a view into a larger buffer is read from its own start", () => {
  const buffer = hexToBytes("FFFF821903E8FB3FF199999999999AFF");
  assert.equal(decodeCbor(buffer.subarray(2, 15)), [1000, 1.1]);
});

test("long payloads pass", () => {
  const pixels = new Seeded(5).bytes(5000);
  const value = [2, 7, "write", [pixels, "x".repeat(300), Array.from({ length: 300 }, (_, i) => i)]];
  assert.equal(decodeCbor(encodeCbor(value)), value);
});

const refused: readonly (readonly [string, string])[] = [
  ["a number above 2^53", "1B0020000000000000"],
  ["an indefinite length", "5F4101FF"],
  ["a key that is no text", "A10102"],
  ["a key twice", "A2616101616102"],
  ["a key that reaches the prototype", "A1695F5F70726F746F5F5F01"],
  ["a key that every object has", "A168746F537472696E6701"],
  ["an unknown tag", "C11A514B67B0"],
  ["an unknown simple value", "F8FF"],
  ["text that is not UTF-8", "62C328"],
  ["bytes left over", "0000"],
  ["more items than bytes", "9AFFFFFFFF00"],
  ["nesting without end", `${"81".repeat(40)}00`],
  ["tags without end", `${"D840".repeat(40)}40`],
];

for (const [name, hex] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(
      () => decodeCbor(hexToBytes(hex)),
      (error: unknown) => error instanceof FormatError,
    );
  });
}

test("what CBOR here does not have is not written", () => {
  const circle: CborValue[] = [];
  circle.push(circle);
  assert.throws(
    () => encodeCbor(circle),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => encodeCbor((() => 0) as unknown as CborValue),
    (error: unknown) => error instanceof TypeError,
  );
});

test("any value is read back as it was written, and a cut one is refused", () => {
  const seeded = new Seeded(23);
  for (let i = 0; i < 40; i++) {
    const value = anything(seeded, 3);
    const bytes = encodeCbor(value);
    assert.equal(decodeCbor(bytes), value);
    if (bytes.length < 200) refusesEveryPrefix(decodeCbor, bytes);
  }
});

test("damaged or random bytes never break the reader", () => {
  const seeded = new Seeded(29);
  survivesChanges(decodeCbor, encodeCbor({ amount: 1234, card: [1.5, "chip", hexToBytes("0102"), null] }), seeded);
  for (let i = 0; i < 200; i++) survives(decodeCbor, seeded.bytes(seeded.below(30)));
});

function anything(seeded: Seeded, depth: number): CborValue {
  switch (seeded.below(depth > 0 ? 9 : 6)) {
    case 0:
      return seeded.below(2 ** 31) * seeded.pick([1, -1, 4194303]);
    case 1:
      return seeded.below(1000) / 7;
    case 2:
      return seeded.pick(["", "a", "收款成功", "long".repeat(20), "\u{1f600}\u0000z"]);
    case 3:
      return seeded.bytes(seeded.below(300));
    case 4:
      return seeded.pick([true, false, null]);
    case 5:
      return seeded.below(300);
    case 6:
    case 7:
      return Array.from({ length: seeded.below(5) }, () => anything(seeded, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: seeded.below(5) }, (_, i) => [`key${i}`, anything(seeded, depth - 1)]),
      );
  }
}

test.run();
