import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc16, crc32, pbkdf2, sha1, sha256, sha256End, sha256Part, sm3 } from "#native/digest";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";

const long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

/** FIPS 180-4 examples (NIST CSRC), GB/T 32905-2016 annex A. */
const hashes: readonly (readonly [string, (data: Uint8Array) => Uint8Array, string, string])[] = [
  ["SHA-1", sha1, "", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"],
  ["SHA-1", sha1, "abc", "A9993E364706816ABA3E25717850C26C9CD0D89D"],
  ["SHA-1", sha1, long, "84983E441C3BD26EBAAE4AA1F95129E5E54670F1"],
  ["SHA-256", sha256, "", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"],
  ["SHA-256", sha256, "abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"],
  ["SHA-256", sha256, long, "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"],
  ["SM3", sm3, "abc", "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0"],
  ["SM3", sm3, "abcd".repeat(16), "DEBE9FF92275B8A138604889C18E5A4D6FDB70E5387E5765293DCBA39C0C5732"],
];

for (const [name, hash, message, expected] of hashes) {
  test(`${name} of "${message.slice(0, 8)}", ${message.length} bytes, is the published one`, () => {
    assert.is(bytesToHex(hash(asciiToBytes(message))), expected);
  });
}

/** The first: RFC 7914, 11, its first 32 bytes; the others made with Python's hashlib. */
const derivations: readonly (readonly [string, string, number, string])[] = [
  ["passwd", "salt", 1, "55AC046E56E3089FEC1691C22544B605F94185216DDE0465E68B9D57C20DACBC"],
  ["Password", "NaCl", 8_000, "7F256B9DADF7544D75A9C56B6293C7744F5DE67C8F45547526EAAC5917F2DCB4"],
  ["", "", 2, "97398411D6AEA43A77ACEF92226AB8278D4DB0668BD1D7A76A725F7680AC45C5"],
  ["p".repeat(64), "s".repeat(64), 3, "5CE3FCFCB1B15F61A34D2C6C6B7BD0121B220F0D541BEBB69957018832B6D0F6"],
  ["p".repeat(65), "s", 3, "D405B6F818E272891EFAB98453141BC5FFB71B13922F86D15143654B03FE45AE"],
];

for (const [password, salt, iterations, expected] of derivations) {
  test(`PBKDF2 of ${password.length} bytes, ${iterations} times, is the published one`, () => {
    const secret = asciiToBytes(password);
    assert.is(bytesToHex(pbkdf2(secret, asciiToBytes(salt), iterations)), expected);
    assert.equal(secret, asciiToBytes(password));
  });
}

test("PBKDF2 takes no salt that is too long, and counts from one", () => {
  assert.throws(() => pbkdf2(new Uint8Array(1), new Uint8Array(65), 1));
  for (const bad of [0, -1, 1.5, undefined]) {
    assert.throws(() => pbkdf2(new Uint8Array(1), new Uint8Array(1), bad as number), undefined, String(bad));
  }
});

test("a long message is hashed whole", () => {
  const data = new Uint8Array(100_000).fill(0x61);
  assert.is(bytesToHex(sha1(data)), "C4D4B30851182FC4EB8675494D42FD7F17E29C93");
  assert.is(bytesToHex(sha256(data)), "6D1CF22D7CC09B085DFC25EE1A1F3AE0265804C607BC2074AD253BCC82FD81EE");
  assert.is(bytesToHex(sm3(data)), "443B98FE53E9539FE385D10A7812C1BF90183DEA763B920A6409548CBE490587");
});

test("every length around the padding gives another hash", () => {
  const seen = new Set<string>();
  for (let length = 0; length < 130; length++) {
    for (const hash of [sha1, sha256, sm3]) seen.add(bytesToHex(hash(new Uint8Array(length))));
  }
  assert.is(seen.size, 3 * 130);
});

test("a SHA-256 in parts is that of the whole, wherever the parts end", () => {
  const data = Uint8Array.from({ length: 300 }, (_, i) => i * 7);
  for (let length = 0; length <= data.length; length += 5) {
    for (const blocks of [1, 2, 3]) {
      const state = new Uint8Array(40).subarray(3, 39);
      let at = 0;
      for (; at + 64 * blocks <= length; at += 64 * blocks) sha256Part(state, data.subarray(at, at + 64 * blocks));
      const rest = data.subarray(at, length);
      const kept = state.slice();
      assert.equal(sha256End(state, rest), sha256(data.subarray(0, length)), `${length} bytes by ${blocks}`);
      sha256Part(state, new Uint8Array(0));
      assert.equal(state, kept);
    }
  }
});

test("a SHA-256 in parts takes whole blocks, a state of its own, and less than 4 GB", () => {
  const full = new Uint8Array(36);
  full.set([0x03, 0xff, 0xff, 0xff], 32);
  assert.throws(
    () => sha256Part(new Uint8Array(36), new Uint8Array(63)),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => sha256Part(full, new Uint8Array(64)),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(sha256End(full, new Uint8Array(63)).length, 32);
  full[32] = 4;
  assert.throws(
    () => sha256End(full, new Uint8Array(0)),
    (error: unknown) => error instanceof RangeError,
  );
  for (const length of [0, 35, 37]) {
    assert.throws(
      () => sha256Part(new Uint8Array(length), new Uint8Array(64)),
      (error: unknown) => error instanceof RangeError,
    );
    assert.throws(
      () => sha256End(new Uint8Array(length), new Uint8Array(64)),
      (error: unknown) => error instanceof RangeError,
    );
  }
  assert.throws(() => sha256Part("x".repeat(36) as unknown as Uint8Array, new Uint8Array(64)));
});

test("views and ArrayBuffers are hashed from their own start to their own end", () => {
  const buffer = asciiToBytes("xxabcxx");
  assert.equal(sha1(buffer.subarray(2, 5)), sha1(asciiToBytes("abc")));
  assert.equal(sha256(asciiToBytes("abc").slice().buffer as ArrayBuffer), sha256(asciiToBytes("abc")));
});

test("a hash is a Uint8Array of its own", () => {
  const hash = sha1(asciiToBytes("abc"));
  assert.instance(hash, Uint8Array);
  hash.fill(0);
  assert.is(bytesToHex(sha1(asciiToBytes("abc"))).slice(0, 8), "A9993E36");
});

test("CRC-16 is EMVCo's for codes, and XMODEM's from 0", () => {
  const digits = asciiToBytes("123456789");
  assert.is(crc16(digits, 0xffff), 0x29b1);
  assert.is(crc16(digits, 0), 0x31c3);
  assert.is(crc16(digits.subarray(4), crc16(digits.subarray(0, 4), 0xffff)), 0x29b1);
  assert.is(crc16(hexToBytes(""), 0xffff), 0xffff);
});

test("CRC-32 is that of IEEE 802.3 and goes on from what came before", () => {
  const digits = asciiToBytes("123456789");
  assert.is(crc32(digits), 0xcbf43926);
  assert.is(crc32(digits, 0), 0xcbf43926);
  assert.is(crc32(digits.subarray(5), crc32(digits.subarray(0, 5))), 0xcbf43926);
  assert.is(crc32(hexToBytes("")), 0);
});

test("arguments that are no bytes or no check are refused", () => {
  for (const bad of [undefined, null, 1, "abc", {}, [1, 2]]) {
    assert.throws(() => sha1(bad as unknown as Uint8Array), undefined, String(bad));
    assert.throws(() => crc32(bad as unknown as Uint8Array), undefined, String(bad));
  }
  for (const bad of [-1, 0x10000, 1.5, Number.NaN, "0", undefined]) {
    assert.throws(() => crc16(new Uint8Array(1), bad as number), undefined, String(bad));
  }
  for (const bad of [-1, 2 ** 32, 0.5]) assert.throws(() => crc32(new Uint8Array(1), bad), undefined, String(bad));
});

test.run();
