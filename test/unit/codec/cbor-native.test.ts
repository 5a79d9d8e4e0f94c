import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CborValue, decodeCbor, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { readCborValue } from "../../../firmware/codec/cbor-decode.ts";
import { writeCborValue } from "../../../firmware/codec/cbor-encode.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { Seeded } from "../seeded.ts";

/** What XS writes and reads in C (firmware/native/cbor.c) must come out as in TypeScript, which Node runs for both. */

function writtenBy(write: (value: CborValue) => Uint8Array, value: CborValue): string {
  try {
    return bytesToHex(write(value));
  } catch (error) {
    assert.instance(error, TypeError);
    return `TypeError ${(error as Error).message}`;
  }
}

function sameWritten(value: CborValue, name: string): void {
  const inTypeScript = writtenBy(writeCborValue, value);
  assert.is(writtenBy(encodeCbor, value), inTypeScript, name);
}

/** The value written again, with -0 and NaN told apart, or the error's text. */
function readBy(read: (bytes: Uint8Array) => CborValue, bytes: Uint8Array): string {
  try {
    return bytesToHex(writeCborValue(read(bytes)));
  } catch (error) {
    if (error instanceof FormatError || error instanceof TypeError) return error.message;
    throw error;
  }
}

function sameRead(bytes: Uint8Array, name: string): void {
  const before = bytesToHex(bytes);
  assert.is(readBy(decodeCbor, bytes), readBy(readCborValue, bytes), `${name} ${before}`);
  assert.is(bytesToHex(bytes), before, `${name} is left as it was`);
}

function nested(depth: number, inside: CborValue): CborValue {
  return depth === 0 ? inside : depth % 2 === 0 ? [nested(depth - 1, inside)] : { in: nested(depth - 1, inside) };
}

const keys = (count: number): CborValue => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

const values: readonly (readonly [string, CborValue])[] = [
  ["every edge of a head", [23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 2 ** 53 - 1, 2 ** 53]],
  ["every edge below zero", [-1, -24, -25, -256, -257, -65537, -4294967297, -(2 ** 53) + 1, -(2 ** 53)]],
  ["an engine's own integers", [2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1]],
  ["odd numbers", [-0, 0, 0.5, -1e300, Number.NaN, Number.POSITIVE_INFINITY, 1e16, Number.MIN_VALUE]],
  ["keys by length, then character", { b: 1, aa: 2, a: 3, Z: 4, "": 5 }],
  ["keys that are numbers", { 10: 1, 2: 2, "01": 3, a: 4, 4294967295: 5 }],
  ["keys that are not ASCII", { ü: 1, z: 2, 金额: 3 }],
  ["a long key", { ["x".repeat(63)]: 1, ["x".repeat(64)]: 2 }],
  ["many keys", keys(48)],
  ["too many keys for C", keys(49)],
  ["text of every length of character", "aü水\u{10151}\u{10ffff}"],
  ["text with a zero and a lone surrogate", ["a\u0000b", "\ud800", "\udfff!"]],
  ["empty things", [[], {}, "", new Uint8Array(0), null, undefined, true, false]],
  [
    "bytes of every kind of length",
    [0, 23, 24, 63, 64, 255, 256, 3000].map((length) => new Uint8Array(length).fill(7)),
  ],
  ["a view into more", hexToBytes("0102030405").subarray(1, 4)],
  ["an undefined member", { a: undefined, b: [undefined] }],
  ["as deep as allowed", nested(16, 1)],
  ["as deep as allowed, and empty", nested(15, [])],
  ["too deep", nested(17, 1)],
  ["a function", [() => 0] as unknown as CborValue],
  ["a symbol", { a: Symbol("a") } as unknown as CborValue],
];

for (const [name, value] of values) {
  test(`${name}: written and read alike`, () => {
    sameWritten(value, name);
    const written = writtenBy(encodeCbor, value);
    if (!written.startsWith("TypeError")) sameRead(hexToBytes(written), name);
  });
}

const inputs: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a float of 16 bits", "F93C00"],
  ["a float of 32 bits", "FA47C35000"],
  ["a whole number as a float", "FB4014000000000000"],
  ["a cut float", "FB40140000000000"],
  ["heads longer than they need to be", "9B000000000000000219000118FF"],
  ["tags upon tags", `${"D840".repeat(16)}4101`],
  ["one tag too many", `${"D840".repeat(17)}4101`],
  ["another tag", "D8414101"],
  ["a key that is cut", "A1636162"],
  ["a key that reaches the prototype", "A1695F5F70726F746F5F5F01"],
  ["a key that every object has", "A168746F537472696E6701"],
  ["a key twice, behind others", "A3616101616202616103"],
  ["a number as a key twice", "A2613101613102"],
  ["a zero in a key", "A1620061F5"],
  ["surrogates in UTF-8", "63EDA080"],
  ["UTF-8 beyond the last character", "64F4908080"],
  ["UTF-8 longer than it need be", "62C080"],
  ["a cut character", "62E6B0"],
  ["a length beyond the end", "5AFFFFFFFF00"],
  ["a length beyond all numbers", "5BFFFFFFFFFFFFFFFF"],
  ["bytes left over", "A10000"],
];

for (const [name, hex] of inputs) test(`${name}: read alike`, () => sameRead(hexToBytes(hex), name));

test("whatever is changed in a record, both read it alike", () => {
  const seeded = new Seeded(71);
  const record = { amount: 1234, card: [1.5, "chip 卡", hexToBytes("0102"), null], at: { 5: -7, a: true } };
  const bytes = encodeCbor(record);
  for (let place = 0; place < bytes.length; place++) {
    for (const change of [1, 0x20, 0x80, 1 + seeded.below(255)]) {
      const changed = bytes.slice();
      changed[place] = changed[place]! ^ change;
      sameRead(changed, "changed");
    }
    sameRead(bytes.slice(0, place), "cut");
  }
});

test("any bytes are read alike", () => {
  const seeded = new Seeded(73);
  const heads = hexToBytes("00181920384044606163787F80828498A0A1A2B8C0D8F4F6F7FAFB");
  for (let i = 0; i < 300; i++) {
    const bytes = Uint8Array.from({ length: seeded.below(14) }, () =>
      seeded.below(3) > 0 ? heads[seeded.below(heads.length)]! : seeded.below(256),
    );
    sameRead(bytes, "random");
  }
});

test.run();
