import { test } from "uvu";
import * as assert from "uvu/assert";
import { load, open } from "#native/vault";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { type Algorithm, algorithm, blockLength, type CipherKey } from "../../../firmware/crypto/algorithms.ts";
import { cbcDecrypt, cbcEncrypt } from "../../../firmware/crypto/cbc.ts";
import { hmacSha256 } from "../../../firmware/crypto/hmac.ts";
import { cbcMac } from "../../../firmware/crypto/mac.ts";
import { pad } from "../../../firmware/crypto/padding.ts";
import { Seeded } from "../seeded.ts";

function keyOf(cipher: Algorithm, bytes: Uint8Array): CipherKey {
  const memory = open(1);
  load(memory, 0, bytes);
  return { memory, slot: 0, algorithm: cipher };
}

test("CBC gives the published blocks (NIST SP 800-38A, F.2.1)", () => {
  const key = keyOf(algorithm.aes, hexToBytes("2B7E151628AED2A6ABF7158809CF4F3C"));
  const initial = hexToBytes("000102030405060708090A0B0C0D0E0F");
  const clear = hexToBytes("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51");
  const encrypted = "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2";
  assert.is(bytesToHex(cbcEncrypt(key, initial, clear)), encrypted);
  assert.equal(cbcDecrypt(key, initial, hexToBytes(encrypted)), clear);
});

test("CBC comes back under every cipher, and its last block is the CBC-MAC", () => {
  const seeded = new Seeded(61);
  for (const [cipher, length] of [
    [algorithm.des, 8],
    [algorithm.tdes, 24],
    [algorithm.aes, 32],
    [algorithm.sm4, 16],
  ] as const) {
    const key = keyOf(cipher, seeded.bytes(length));
    const size = blockLength(cipher);
    const data = seeded.bytes(4 * size);
    const zeros = new Uint8Array(size);
    const encrypted = cbcEncrypt(key, zeros, data);
    assert.equal(cbcDecrypt(key, zeros, encrypted), data);
    assert.equal(cbcMac(key, data), encrypted.slice(-size));
    assert.is(cbcEncrypt(key, zeros, new Uint8Array(0)).length, 0);
    assert.is(cbcDecrypt(key, zeros, new Uint8Array(0)).length, 0);
  }
});

test("padding makes whole blocks of every message (ISO/IEC 9797-1, 6.3)", () => {
  assert.is(bytesToHex(pad(hexToBytes(""), 1, 4)), "00000000");
  assert.is(bytesToHex(pad(hexToBytes(""), 2, 4)), "80000000");
  assert.is(bytesToHex(pad(hexToBytes(""), 3, 4)), "0000000000000000");
  assert.is(bytesToHex(pad(hexToBytes("12345678"), 3, 4)), "0000002012345678");
  for (let length = 0; length < 40; length++) {
    for (const method of [1, 2, 3] as const) assert.is(pad(new Uint8Array(length), method, 8).length % 8, 0);
  }
});

/** RFC 4231, test cases 1, 2 and 6. */
const macs = [
  ["0B".repeat(20), "Hi There", "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7"],
  ["4A656665", "what do ya want for nothing?", "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"],
  [
    "AA".repeat(131),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54",
  ],
] as const;

for (const [key, message, mac] of macs) {
  test(`HMAC with a key of ${key.length / 2} bytes is the published one`, () => {
    assert.is(bytesToHex(hmacSha256(hexToBytes(key), asciiToBytes(message))), mac);
  });
}

test.run();
