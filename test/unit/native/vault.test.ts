import { test } from "uvu";
import * as assert from "uvu/assert";
import { chain, decrypt, encrypt, erase, load, open, unwrap } from "#native/vault";
import { equal } from "../../../firmware/codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import { Seeded } from "../seeded.ts";

const hex = hexToBytes;
const { des, tdes, aes, sm4 } = algorithm;

/** One block each: [name, algorithm, key, clear, encrypted, source]. */
const published = [
  [
    "DES",
    des,
    "133457799BBCDFF1",
    "0123456789ABCDEF",
    "85E813540F0AB405",
    "J. O. Grabbe, The DES Algorithm Illustrated",
  ],
  ["DES, weak key", des, "0101010101010101", "8000000000000000", "95F8A5E5DD31D900", "NIST SP 800-17, table A.1"],
  [
    "triple DES, 2 keys",
    tdes,
    "0123456789ABCDEF23456789ABCDEF01",
    "6BC1BEE22E409F96",
    "06EDE3D82884090A",
    "NIST SP 800-38A examples, TDES",
  ],
  [
    "triple DES, 3 keys",
    tdes,
    "0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123",
    "6BC1BEE22E409F96",
    "714772F339841D34",
    "NIST SP 800-38A examples, TDES",
  ],
  [
    "AES-128",
    aes,
    "000102030405060708090A0B0C0D0E0F",
    "00112233445566778899AABBCCDDEEFF",
    "69C4E0D86A7B0430D8CDB78070B4C55A",
    "FIPS 197, C.1",
  ],
  [
    "AES-192",
    aes,
    "000102030405060708090A0B0C0D0E0F1011121314151617",
    "00112233445566778899AABBCCDDEEFF",
    "DDA97CA4864CDFE06EAF70A0EC0D7191",
    "FIPS 197, C.2",
  ],
  [
    "AES-256",
    aes,
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
    "00112233445566778899AABBCCDDEEFF",
    "8EA2B7CA516745BFEAFC49904B496089",
    "FIPS 197, C.3",
  ],
  [
    "SM4",
    sm4,
    "0123456789ABCDEFFEDCBA9876543210",
    "0123456789ABCDEFFEDCBA9876543210",
    "681EDF34D206965E86B3E94F536E4246",
    "GB/T 32907-2016, A.1",
  ],
] as const;

for (const [name, cipher, key, clear, encrypted, source] of published) {
  test(`${name} encrypts and decrypts the published block (${source})`, () => {
    const memory = open(1);
    load(memory, 0, hex(key));
    assert.is(bytesToHex(encrypt(memory, 0, cipher, hex(clear))), encrypted);
    assert.is(bytesToHex(decrypt(memory, 0, cipher, hex(encrypted))), clear);
  });
}

const keyLengths = [
  [des, 8],
  [tdes, 16],
  [tdes, 24],
  [aes, 16],
  [aes, 24],
  [aes, 32],
  [sm4, 16],
] as const;

test("any blocks come back under any key, each block by itself", () => {
  const seeded = new Seeded(31);
  const memory = open(2);
  for (const [cipher, length] of keyLengths) {
    load(memory, 1, seeded.bytes(length));
    const data = seeded.bytes(48);
    const encrypted = encrypt(memory, 1, cipher, data);
    assert.equal(decrypt(memory, 1, cipher, encrypted), data);
    assert.equal(encrypt(memory, 1, cipher, data.subarray(16, 32)), encrypted.slice(16, 32));
  }
});

test("a key of two parts is a key of three with the first again", () => {
  const seeded = new Seeded(37);
  const memory = open(2);
  const key = seeded.bytes(16);
  load(memory, 0, key);
  load(memory, 1, Uint8Array.of(...key, ...key.subarray(0, 8)));
  const data = seeded.bytes(8);
  assert.equal(encrypt(memory, 0, tdes, data), encrypt(memory, 1, tdes, data));
});

test("a wrapped key works as if it had been loaded", () => {
  const seeded = new Seeded(43);
  const memory = open(3);
  for (const [wrapping, wrappingLength] of keyLengths) {
    load(memory, 0, seeded.bytes(wrappingLength));
    const key = seeded.bytes(16);
    unwrap(memory, 0, wrapping, encrypt(memory, 0, wrapping, key), 2);
    load(memory, 1, key);
    const data = seeded.bytes(16);
    assert.equal(encrypt(memory, 2, sm4, data), encrypt(memory, 1, sm4, data));
  }
});

test("a key may replace the one that unwrapped it", () => {
  const memory = open(1);
  const key = hex("00112233445566778899AABBCCDDEEFF");
  load(memory, 0, hex("0123456789ABCDEFFEDCBA9876543210"));
  unwrap(memory, 0, tdes, encrypt(memory, 0, tdes, key), 0);
  const now = encrypt(memory, 0, tdes, new Uint8Array(8));
  load(memory, 0, key);
  assert.equal(encrypt(memory, 0, tdes, new Uint8Array(8)), now);
});

test("chaining gives the last block of CBC", () => {
  const seeded = new Seeded(47);
  const memory = open(1);
  for (const [cipher, length] of keyLengths) {
    load(memory, 0, seeded.bytes(length));
    const size = cipher === des || cipher === tdes ? 8 : 16;
    const initial = seeded.bytes(size);
    const data = seeded.bytes(3 * size);
    let last: Uint8Array = initial.slice();
    for (let at = 0; at < data.length; at += size) {
      last = encrypt(
        memory,
        0,
        cipher,
        last.map((byte, i) => byte ^ data[at + i]!),
      );
    }
    assert.equal(chain(memory, 0, cipher, initial, data), last);
    assert.equal(chain(memory, 0, cipher, initial, new Uint8Array(0)), initial);
  }
});

test("the data that goes in is not changed", () => {
  const memory = open(1);
  const key = hex("0123456789ABCDEF");
  const data = hex("0011223344556677");
  load(memory, 0, key);
  encrypt(memory, 0, des, data);
  chain(memory, 0, des, data, data);
  assert.is(bytesToHex(data), "0011223344556677");
  key.fill(0);
  assert.not.ok(equal(encrypt(memory, 0, des, data), hex("0000000000000000")));
});

test("an erased key is gone", () => {
  const memory = open(2);
  load(memory, 1, hex("0123456789ABCDEF"));
  erase(memory, 1);
  assert.throws(() => encrypt(memory, 1, des, new Uint8Array(8)));
  assert.throws(() => encrypt(memory, 0, des, new Uint8Array(8)));
});

test("views of larger buffers are taken from their own start", () => {
  const memory = open(1);
  const buffer = hex("FFFF0123456789ABCDEF0000000000000000FF");
  load(memory, 0, buffer.subarray(2, 10));
  const fromView = encrypt(memory, 0, des, buffer.subarray(10, 18));
  load(memory, 0, hex("0123456789ABCDEF"));
  assert.equal(encrypt(memory, 0, des, new Uint8Array(8)), fromView);
});

test("key memory is its own, and nothing else passes for it", () => {
  const [one, other] = [open(1), open(1)];
  load(one, 0, hex("0123456789ABCDEF"));
  assert.throws(() => encrypt(other, 0, des, new Uint8Array(8)));
  for (const bad of [undefined, null, {}, 1, "memory", new Uint8Array(64), new ArrayBuffer(64)]) {
    assert.throws(() => encrypt(bad as never, 0, des, new Uint8Array(8)), undefined, String(bad));
    assert.throws(() => load(bad as never, 0, new Uint8Array(8)), undefined, String(bad));
    assert.throws(() => erase(bad as never, 0), undefined, String(bad));
  }
});

test("slots, algorithms, lengths and keys that do not fit are refused", () => {
  const memory = open(2);
  const block = new Uint8Array(8);
  load(memory, 0, hex("0123456789ABCDEF"));
  load(memory, 1, hex("0123456789ABCDEFFEDCBA9876543210"));
  for (const slots of [0, -1, 257, 1.5, Number.NaN]) assert.throws(() => open(slots), undefined, String(slots));
  for (const slot of [-1, 2, 0.5, 2 ** 31]) {
    assert.throws(() => load(memory, slot, hex("0123456789ABCDEF")), undefined, String(slot));
    assert.throws(() => erase(memory, slot), undefined, String(slot));
    assert.throws(() => encrypt(memory, slot, des, block), undefined, String(slot));
    assert.throws(() => unwrap(memory, 0, des, block, slot), undefined, String(slot));
  }
  for (const cipher of [-1, 4, 0.5, tdes, aes, sm4]) {
    assert.throws(() => encrypt(memory, 0, cipher, new Uint8Array(16)), undefined, String(cipher));
  }
  assert.throws(() => encrypt(memory, 1, des, block));
  for (const length of [1, 7, 9, 15]) assert.throws(() => encrypt(memory, 0, des, new Uint8Array(length)));
  for (const length of [0, 1025]) assert.throws(() => load(memory, 0, new Uint8Array(length)));
  for (const length of [0, 7, 9, 40]) {
    assert.throws(() => unwrap(memory, 0, des, new Uint8Array(length), 1));
  }
  assert.throws(() => unwrap(memory, 1, aes, new Uint8Array(24), 0));
  for (const length of [0, 7, 16]) assert.throws(() => chain(memory, 0, des, new Uint8Array(length), block));
  assert.throws(() => chain(memory, 0, des, block, new Uint8Array(9)));
  assert.is(encrypt(memory, 0, des, new Uint8Array(0)).length, 0);
});

test.run();
