import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  cmac,
  combine,
  derive,
  deriveByCmac,
  dukpt,
  encipher,
  hmac,
  join,
  part,
  same,
  size,
  takeKey,
  unwrapBlocks,
  variant,
  wrap,
} from "#native/derive";
import { encrypt, erase, load, open } from "#native/vault";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { algorithm, cipherMode } from "../../../firmware/crypto/algorithms.ts";

const hex = hexToBytes;
const { des, tdes, aes } = algorithm;
/** NIST SP 800-38A, F.1 to F.5: the key of AES-128 and the first two blocks of the message. */
const nistKey = hex("2B7E151628AED2A6ABF7158809CF4F3C");
const nistClear = hex("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51");

test("a secret is wrapped and unwrapped in cipher block chaining as published (SP 800-38A, F.2.1)", () => {
  const memory = open(4);
  const initial = hex("000102030405060708090A0B0C0D0E0F");
  const published = "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2";
  load(memory, 0, nistKey);
  load(memory, 1, nistClear);
  assert.is(bytesToHex(wrap(memory, 0, aes, cipherMode.chained, initial, 1)), published);
  unwrapBlocks(memory, 0, aes, cipherMode.chained, initial, hex(published), 2);
  assert.ok(same(memory, 1, 2));
});

test("a secret is wrapped and unwrapped with a counter as published, whole blocks or not (SP 800-38A, F.5.1)", () => {
  const memory = open(4);
  const initial = hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF");
  const published = "874D6191B620E3261BEF6864990DB6CE9806F66B7970FDFF8617187BB9FFFDFF";
  load(memory, 0, nistKey);
  for (const length of [32, 17, 3]) {
    load(memory, 1, nistClear.subarray(0, length));
    const wrapped = wrap(memory, 0, aes, cipherMode.counter, initial, 1);
    assert.is(bytesToHex(wrapped), published.slice(0, 2 * length));
    unwrapBlocks(memory, 0, aes, cipherMode.counter, initial, wrapped, 2);
    assert.ok(same(memory, 1, 2));
  }
});

test("a counter carries over its whole block", () => {
  const memory = open(2);
  load(memory, 0, nistKey);
  load(memory, 1, new Uint8Array(32));
  const wrapped = wrap(memory, 0, aes, cipherMode.counter, new Uint8Array(16).fill(255), 1);
  assert.equal(wrapped.slice(16), encrypt(memory, 0, aes, new Uint8Array(16)));
});

test("a MAC over data and a secret is that over both together (SP 800-38B, D.1)", () => {
  const memory = open(2);
  load(memory, 0, nistKey);
  const message = Uint8Array.of(...nistClear, ...hex("30C81C46A35CE411"));
  for (const at of [0, 1, 16, 39]) {
    load(memory, 1, message.subarray(at));
    assert.is(bytesToHex(cmac(memory, 0, aes, message.subarray(0, at), 1)), "DFA66747DE9AE63030CA32611497C827");
  }
  assert.is(bytesToHex(cmac(memory, 0, aes, new Uint8Array(0), -1)), "BB1D6929E95937287FA37D129B756746");
});

test("HMAC comes out as published for keys of every length (RFC 4231, 4.2, 4.3, 4.7)", () => {
  const memory = open(1);
  const cases = [
    [new Uint8Array(20).fill(0x0b), "Hi There", "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7"],
    [
      asciiToBytes("Jefe"),
      "what do ya want for nothing?",
      "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
    ],
    [
      new Uint8Array(131).fill(0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54",
    ],
  ] as const;
  for (const [key, message, expected] of cases) {
    load(memory, 0, key);
    assert.is(bytesToHex(hmac(memory, 0, asciiToBytes(message))), expected);
  }
});

test("one step of DUKPT leads from the initial key to the first transaction's (X9.24-1:2009, A.4)", () => {
  const memory = open(3);
  load(memory, 0, hex("6AC292FAA1315B4D858AB3A3D7D5933A"));
  dukpt(memory, 0, hex("9876543210E00001"), 1);
  load(memory, 2, hex("042666B49184CFA368DE9628D0397BC9"));
  assert.ok(same(memory, 1, 2));
  dukpt(memory, 0, hex("9876543210E00001"), 0);
  assert.ok(same(memory, 0, 2), "a key may replace the one it comes from");
});

test("variants, components, halves and joints are what they say", () => {
  const memory = open(4);
  const holds = (slot: number, key: string): void => {
    load(memory, 3, hex(key));
    assert.ok(same(memory, slot, 3), key);
  };
  load(memory, 0, hex("0123456789ABCDEFFEDCBA9876543210"));
  variant(memory, 0, Uint8Array.of(0x45), 1);
  holds(1, "44660022CCEE88AABB99FFDD33117755");
  variant(memory, 0, hex("00000000000000FF"), 1);
  holds(1, "0123456789ABCD10FEDCBA98765432EF");
  part(memory, 0, 8, 8, 1);
  holds(1, "FEDCBA9876543210");
  join(memory, 1, 0, 2);
  holds(2, "FEDCBA98765432100123456789ABCDEFFEDCBA9876543210");
  assert.is(size(memory, 2), 24);
  load(memory, 2, hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"));
  combine(memory, 0, 2, 1);
  holds(1, "FEDCBA98765432100123456789ABCDEF");
  erase(memory, 1);
  assert.is(size(memory, 1), 0);
});

test("derived keys are the beginning of what their cipher gives", () => {
  const memory = open(4);
  load(memory, 0, nistKey);
  derive(memory, 0, aes, nistClear, 1, 24);
  load(memory, 2, hex("3AD77BB40D7A3660A89ECAF32466EF97F5D3D58503B9699D"));
  assert.ok(same(memory, 1, 2));
  load(memory, 1, nistClear.subarray(0, 16));
  encipher(memory, 0, aes, 1, 1);
  load(memory, 2, hex("3AD77BB40D7A3660A89ECAF32466EF97"));
  assert.ok(same(memory, 1, 2));
  deriveByCmac(memory, 0, aes, nistClear, 16, 1, 20);
  load(
    memory,
    2,
    Uint8Array.of(
      ...cmac(memory, 0, aes, nistClear.subarray(0, 16), -1),
      ...cmac(memory, 0, aes, nistClear.subarray(16), -1).subarray(0, 4),
    ),
  );
  assert.ok(same(memory, 1, 2));
});

test("a key is taken from behind its length, and only where it fits", () => {
  const memory = open(3);
  const taken = (payload: string): boolean => {
    load(memory, 0, hex(payload));
    return takeKey(memory, 0, 1);
  };
  assert.ok(taken("00400123456789ABCDEFFFFF"));
  load(memory, 2, hex("0123456789ABCDEF"));
  assert.ok(same(memory, 1, 2));
  for (const bad of [
    "00000123456789ABCDEF",
    "00410123456789ABCDEF",
    "00480123456789ABCDEF",
    "FFF80123456789ABCDEF",
    "00",
  ]) {
    assert.not(taken(bad), bad);
    assert.ok(same(memory, 1, 2), "the target is untouched");
  }
});

test("what does not fit is refused, and nothing changes", () => {
  const memory = open(4);
  const block = new Uint8Array(16);
  load(memory, 0, nistKey);
  load(memory, 1, hex("0123456789ABCDEF"));
  const refused: readonly (() => unknown)[] = [
    () => variant(memory, 3, Uint8Array.of(1), 2),
    () => variant(memory, 0, new Uint8Array(0), 2),
    () => variant(memory, 0, new Uint8Array(3), 2),
    () => combine(memory, 0, 1, 2),
    () => combine(memory, 0, 3, 2),
    () => join(memory, 3, 0, 2),
    () => part(memory, 0, 8, 9, 2),
    () => part(memory, 0, -1, 8, 2),
    () => derive(memory, 0, aes, block, 2, 17),
    () => derive(memory, 0, aes, new Uint8Array(15), 2, 8),
    () => derive(memory, 0, aes, new Uint8Array(0), 2, 8),
    () => derive(memory, 1, aes, block, 2, 8),
    () => encipher(memory, 0, aes, 1, 2),
    () => encipher(memory, 0, aes, 3, 2),
    () => dukpt(memory, 1, new Uint8Array(8), 2),
    () => dukpt(memory, 0, new Uint8Array(7), 2),
    () => wrap(memory, 0, aes, 3, block, 1),
    () => wrap(memory, 0, aes, cipherMode.chained, block, 1),
    () => wrap(memory, 0, aes, cipherMode.counter, new Uint8Array(8), 1),
    () => wrap(memory, 1, tdes, cipherMode.counter, new Uint8Array(8), 0),
    () => unwrapBlocks(memory, 0, aes, cipherMode.chained, block, new Uint8Array(17), 2),
    () => unwrapBlocks(memory, 0, aes, cipherMode.chained, block, new Uint8Array(0), 2),
    () => cmac(memory, 3, aes, block, -1),
    () => cmac(memory, 0, aes, block, 3),
    () => cmac(memory, 0, aes, block, 4),
    () => cmac(memory, 0, des, block, -1),
    () => deriveByCmac(memory, 0, aes, block, 5, 2, 16),
    () => deriveByCmac(memory, 0, aes, block, 8, 2, 33),
    () => hmac(memory, 3, block),
    () => same(memory, 0, 3),
    () => takeKey(memory, 3, 2),
    () => variant({} as never, 0, block, 1),
  ];
  for (const [place, call] of refused.entries()) assert.throws(call, undefined, `call ${place}`);
  assert.is(size(memory, 2), 0);
  assert.not(same(memory, 0, 1));
});

test.run();
