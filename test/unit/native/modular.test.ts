import { test } from "uvu";
import * as assert from "uvu/assert";
import { modularPower } from "#native/modular";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { rsaByBigIntegers, rsaPublic } from "../../../firmware/crypto/rsa.ts";
import { Seeded } from "../seeded.ts";

/** XS has C for this; Node's twin declines. */
const isNative = "fromBigInt" in ArrayBuffer;

/** Holds C against the engine's big integers. */
function compare(modulus: Uint8Array, exponent: Uint8Array, base: Uint8Array, name: string): void {
  const key = { modulus, exponent };
  const expected = rsaByBigIntegers(key, base);
  const found = modularPower(base, exponent, modulus);
  if (found !== undefined) assert.is(bytesToHex(found), bytesToHex(expected ?? new Uint8Array(0)), name);
  const whole = rsaPublic(key, base);
  assert.is(whole && bytesToHex(whole), expected && bytesToHex(expected), name);
}

const exponents = ["03", "010001", "01", "02", "11", "00000003", "FFFFFFFF"].map((hex) => hexToBytes(hex));

test("random numbers of every length up to 3,072 bits", () => {
  const seeded = new Seeded(101);
  for (const bits of [64, 72, 88, 96, 248, 512, 896, 1024, 1152, 1408, 1984, 3072]) {
    const modulus = seeded.bytes(bits / 8);
    modulus[0] = modulus[0]! | 1;
    const base = seeded.bytes(bits / 8);
    base[0] = seeded.below(modulus[0]!);
    const exponent = exponents[seeded.below(bits > 1500 ? 2 : exponents.length)]!;
    compare(modulus, exponent, base, `${bits}`);
    const native = modularPower(base, exponent, modulus);
    assert.is(native !== undefined, isNative, `${bits} bits in C`);
  }
});

test("digits at their edges, where a quotient's digit is first taken too large", () => {
  const words = ["00000000", "00000001", "7FFFFFFF", "80000000", "80000001", "FFFFFFFE", "FFFFFFFF"];
  const seeded = new Seeded(103);
  for (let i = 0; i < 150; i++) {
    const digits = 2 + seeded.below(4);
    const of = () => hexToBytes(Array.from({ length: digits }, () => seeded.pick(words)).join(""));
    compare(of(), seeded.pick(exponents), of(), `${i}`);
  }
});

test("numbers that do not fit are nobody's", () => {
  const modulus = hexToBytes("C000000000000001");
  for (const base of ["C000000000000001", "FFFFFFFFFFFFFFFF"]) {
    assert.is(modularPower(hexToBytes(base), hexToBytes("03"), modulus), undefined);
    assert.is(rsaPublic({ modulus, exponent: hexToBytes("03") }, hexToBytes(base)), undefined);
  }
  const data = hexToBytes("0000000000000002");
  assert.is(modularPower(data, hexToBytes("00"), modulus), undefined);
  assert.is(modularPower(data, hexToBytes("0000000003"), modulus), undefined);
  assert.is(modularPower(data, new Uint8Array(0), modulus), undefined);
  assert.is(modularPower(data.subarray(1), hexToBytes("03"), modulus), undefined);
  assert.is(modularPower(data, hexToBytes("03"), new Uint8Array(8)), undefined);
  assert.is(rsaPublic({ modulus: new Uint8Array(8), exponent: hexToBytes("03") }, data), undefined);
  assert.is(modularPower(new Uint8Array(0), hexToBytes("03"), new Uint8Array(0)), undefined);
  assert.is(modularPower(new Uint8Array(516), hexToBytes("03"), new Uint8Array(516).fill(1)), undefined);
});

test("leading zeros of the modulus and of the base, and even numbers", () => {
  compare(
    hexToBytes("0000000000C0000000000001"),
    hexToBytes("010001"),
    hexToBytes("0000000000B0000000000001"),
    "zeros",
  );
  compare(hexToBytes("00000000C000000000000001"), hexToBytes("010001"), hexToBytes("000000000000000000000002"), "word");
  compare(hexToBytes("C00000000000000000000002"), hexToBytes("010001"), hexToBytes("B00000000000000000000001"), "even");
  compare(hexToBytes("C00000000000000000000001"), hexToBytes("03"), hexToBytes("000000000000000000000000"), "zero");
});

test("what is read is left as it was", () => {
  const [base, exponent, modulus] = ["0123456789ABCDEF", "010001", "FEDCBA9876543211"].map((hex) => hexToBytes(hex));
  modularPower(base!, exponent!, modulus!);
  assert.is(bytesToHex(base!) + bytesToHex(exponent!) + bytesToHex(modulus!), "0123456789ABCDEF010001FEDCBA9876543211");
});

test.run();
