import { test } from "uvu";
import * as assert from "uvu/assert";
import { bcdToDigits, bcdToNumber, digitsToBcd, numberToBcd } from "../../../firmware/codec/bcd.ts";
import {
  bytesToInteger,
  concat,
  constantTimeEqual,
  equal,
  holds,
  integerToBytes,
  wipe,
  xor,
} from "../../../firmware/codec/bytes.ts";
import { ebcdicToLatin1, latin1ToEbcdic } from "../../../firmware/codec/ebcdic.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { ByteReader } from "../../../firmware/codec/reader.ts";
import {
  asciiToBytes,
  bytesToAscii,
  bytesToLatin1,
  bytesToUtf8,
  latin1ToBytes,
  utf8ToBytes,
} from "../../../firmware/codec/text.ts";
import { Seeded } from "../seeded.ts";

const isFormatError = (error: unknown): boolean => error instanceof FormatError;

test("hexadecimal is written in upper case and read in either", () => {
  assert.is(bytesToHex(hexToBytes("00ff7Fa0")), "00FF7FA0");
  for (const bad of ["0", "0g", "0 ", "é0"]) assert.throws(() => hexToBytes(bad), isFormatError);
});

test("digits are packed left or right", () => {
  assert.is(bytesToHex(digitsToBcd("123", "left")), "1230");
  assert.is(bytesToHex(digitsToBcd("123", "right")), "0123");
  assert.is(bytesToHex(digitsToBcd("123", "left", 15)), "123F");
  assert.is(bcdToDigits(hexToBytes("123F"), 3, "left"), "123");
  assert.is(bcdToDigits(hexToBytes("0123"), 3, "right"), "123");
  assert.throws(() => bcdToDigits(hexToBytes("12A0"), 3, "left"), isFormatError);
  assert.throws(() => bcdToDigits(hexToBytes("1200"), 5, "left"), isFormatError);
  assert.throws(() => digitsToBcd("12a", "left"), isFormatError);
});

test("numbers are packed with leading zeros", () => {
  assert.is(bytesToHex(numberToBcd(1234, 6)), "000000001234");
  assert.is(bcdToNumber(hexToBytes("000000001234")), 1234);
  assert.throws(
    () => numberToBcd(100, 1),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(() => bcdToNumber(new Uint8Array(10).fill(0x99)), isFormatError);
});

test("every byte is a character of ISO 8859-1 and back", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.equal(latin1ToBytes(bytesToLatin1(all)), all);
  assert.is(bytesToLatin1(hexToBytes("41004200")), "A\u0000B\u0000");
  assert.throws(() => latin1ToBytes("中"), isFormatError);
});

test("ASCII refuses what is above 7F", () => {
  assert.is(bytesToAscii(asciiToBytes("CUP \u0000~")), "CUP \u0000~");
  assert.throws(() => asciiToBytes("é"), isFormatError);
  assert.throws(() => bytesToAscii(hexToBytes("41C3A9")), isFormatError);
  assert.throws(() => bytesToAscii(hexToBytes("41E9")), isFormatError);
});

test("UTF-8 of every length is written and read", () => {
  for (const [text, hex] of [
    ["", ""],
    ["A\u0000", "4100"],
    ["é", "C3A9"],
    ["收", "E694B6"],
    ["\u{1f600}!", "F09F988021"],
  ] as const) {
    assert.is(bytesToHex(utf8ToBytes(text)), hex);
    assert.is(bytesToUtf8(hexToBytes(hex)), text);
  }
});

test("bytes that are not UTF-8 are refused", () => {
  for (const hex of [
    "80",
    "C0AF",
    "C1BF",
    "E08080",
    "EDA080",
    "F0808080",
    "F4908080",
    "F5808080",
    "E694",
    "C328",
    "FF",
  ]) {
    assert.throws(() => bytesToUtf8(hexToBytes(hex)), isFormatError, hex);
  }
});

test("a view is read from its own start", () => {
  const buffer = hexToBytes("58585A41425A");
  assert.is(bytesToLatin1(buffer.subarray(3, 5)), "AB");
  assert.is(bytesToUtf8(buffer.subarray(3, 5)), "AB");
});

test("EBCDIC is its printable characters and no others", () => {
  const printable = " .<(+|&!$*);-/,%_>?`:#@'=\"abcrxyzABCIJRSZ{}\\0189~^[]";
  assert.is(bytesToLatin1(ebcdicToLatin1(latin1ToEbcdic(latin1ToBytes(printable)))), printable);
  assert.is(bytesToHex(latin1ToEbcdic(latin1ToBytes("01002"))), "F0F1F0F0F2");
  assert.throws(() => ebcdicToLatin1(hexToBytes("F000")), isFormatError);
  assert.throws(() => latin1ToEbcdic(Uint8Array.of(0x31, 0x07)), isFormatError);
});

test("byte strings are joined, compared, combined and wiped", () => {
  const a = hexToBytes("0102");
  assert.equal(concat([a, hexToBytes(""), hexToBytes("03")]), hexToBytes("010203"));
  for (const same of [equal, constantTimeEqual]) {
    assert.ok(same(a, hexToBytes("0102")));
    assert.not.ok(same(a, hexToBytes("0103")));
    assert.not.ok(same(a, hexToBytes("01")));
  }
  assert.equal(xor(a, hexToBytes("FFFF")), hexToBytes("FEFD"));
  assert.throws(
    () => xor(a, hexToBytes("FF")),
    (error: unknown) => error instanceof RangeError,
  );
  wipe(a);
  assert.equal(a, hexToBytes("0000"));
});

test("numbers of up to 53 bits are big-endian bytes", () => {
  assert.is(bytesToHex(integerToBytes(0x123456789a, 6)), "00123456789A");
  const seeded = new Seeded(3);
  for (let i = 0; i < 50; i++) {
    const value = seeded.below(2 ** 32) * 2 ** 21 + seeded.below(2 ** 21);
    assert.is(bytesToInteger(integerToBytes(value, 8)), value);
  }
  assert.throws(
    () => integerToBytes(256, 1),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => integerToBytes(-1, 2),
    (error: unknown) => error instanceof RangeError,
  );
});

test("a reader says what was missing and where", () => {
  const reader = new ByteReader(hexToBytes("0102030405"), 10);
  assert.is(reader.peek(), 1);
  assert.is(reader.byte("head"), 1);
  assert.is(reader.integer(2, "length"), 0x0203);
  assert.throws(() => reader.take(3, "value"), /^value at byte 13: 3 bytes expected, 2 left$/);
  assert.throws(() => reader.end("message"), isFormatError);
  assert.equal(reader.rest(), hexToBytes("0405"));
  assert.is(reader.peek(), undefined);
  assert.throws(() => reader.byte("tail"), isFormatError);
  reader.end("message");
});

test("a piece is found wherever it stands, by any of its bytes, and not where a part of it is", () => {
  const bytes = asciiToBytes("one and two and three");
  for (const piece of ["one", "two and", "three", "and t"]) {
    for (let rare = 0; rare < piece.length; rare++) assert.ok(holds(bytes, asciiToBytes(piece), rare), piece);
  }
  for (const piece of ["on e", "three ", "andt", " one"]) {
    for (let rare = 0; rare < piece.length; rare++) assert.not.ok(holds(bytes, asciiToBytes(piece), rare), piece);
  }
});

test.run();
