import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import {
  encodeTlv,
  encodeTlvByBytes,
  parseTlv,
  parseTlvByBytes,
  type Tlv,
  type TlvInput,
  type TlvOptions,
} from "../../../firmware/codec/tlv.ts";
import { Seeded } from "../seeded.ts";

/** What XS finds in C (firmware/native/tlv.c) must be what TypeScript finds, which Node runs for both. */

const ways: readonly TlvOptions[] = [{}, { simpleLength: true }, { flat: true }, { simpleLength: true, flat: true }];

function written(objects: readonly Tlv[]): string {
  return objects
    .map(({ tag, value, children }) => {
      const inside = children === undefined ? "" : `{${written(children)}}`;
      return `${tag.toString(16)}=${bytesToHex(value)}${inside}`;
    })
    .join(" ");
}

function foundBy(parse: (bytes: Uint8Array, options: TlvOptions) => Tlv[], bytes: Uint8Array, way: TlvOptions): string {
  try {
    return written(parse(bytes, way));
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function same(bytes: Uint8Array): void {
  for (const way of ways) {
    assert.is(foundBy(parseTlv, bytes, way), foundBy(parseTlvByBytes, bytes, way), bytesToHex(bytes));
  }
}

/** Objects and what is none, each at an edge of what is found. */
const inputs: readonly string[] = [
  "",
  "00",
  "0000950500000000009A03261127",
  "6F10840E325041592E5359532E4444463031",
  "70049F02009F0200",
  "7000",
  "70037000",
  "5F2403301231DF81290100DFFF812901AA",
  "DF8180800100",
  "5F",
  "9F",
  "9F02",
  "9F0281",
  "9F028100",
  "9F02810100",
  "9F0282000100",
  "9F028400000001AA",
  "9F02850000000001AA",
  "9F0284FFFFFFFFAA",
  "9F0280",
  "70829F0202AABB",
  "7003950200",
  "FF010195",
  `7081FF${"00".repeat(255)}`,
  "70".repeat(9),
  "E110E10EE10CE10AE108E106E104E102E100",
  "E112E110E10EE10CE10AE108E106E104E102E100",
  "9500".repeat(128),
  "9500".repeat(129),
];

test("data objects are found in C where TypeScript finds them, and refused with the same words", () => {
  for (const input of inputs) same(hexToBytes(input));
});

test("a part of a longer byte string is read from where it begins", () => {
  const [object] = parseTlv(hexToBytes("FFFF7003950102FF").subarray(2, 7));
  assert.is(written([object!]), "70=950102{95=02}");
  assert.is(object!.children![0]!.value.byteOffset, 6);
});

test("values are views: what is overwritten in the input is overwritten in them", () => {
  const input = hexToBytes("5A0212345F340101");
  const [number] = parseTlv(input);
  input.fill(0);
  assert.equal(number!.value, new Uint8Array(2));
});

test("spoilt objects come out the same", () => {
  const seeded = new Seeded(0x71f);
  const good = inputs.map((input) => hexToBytes(input)).filter((bytes) => bytes.length > 4 && bytes.length < 64);
  for (let round = 0; round < 600; round++) {
    const bytes = good[round % good.length]!.slice();
    for (let times = 1 + seeded.below(3); times > 0; times--) bytes[seeded.below(bytes.length)] = seeded.below(256);
    same(bytes.subarray(0, 1 + seeded.below(bytes.length)));
  }
});

test("more than can be counted in 15 bits is read as well", () => {
  const long = new Uint8Array(0x8010);
  long.set([0x53, 0x82, 0x80, 0x0c]);
  const [object] = parseTlv(long);
  assert.is(object!.value.length, 0x800c);
});

function writtenBy(
  write: (objects: readonly TlvInput[], options: TlvOptions) => Uint8Array,
  objects: readonly TlvInput[],
): string {
  try {
    return bytesToHex(write(objects, {}));
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** Tags of every length, and what is none. */
const tags = [
  ...[0x95, 0x9a, 0x9f02, 0x5f2a, 0x5f81, 0x1f7f, 0xdf8129, 0xdf818001, 0xdfff7f, 0x9fffff7f, 0x01, 0x00, 0x1f, 0x9f],
  ...[0x9501, 0x9f80, 0x9f8080, 0x6f, 0x70, 0xbf0c, 0xff8101, 0x9f0201, 0xdf808080, 0x100000000, -1, 0.5, Number.NaN],
];

test("data objects are written in C as in TypeScript, and refused with the same words", () => {
  const bytes = new Seeded(0x72).bytes(70_000);
  for (const tag of tags) {
    for (const length of [0, 1, 8, 127, 128, 255, 256, 700]) {
      const objects = [{ tag, value: bytes.subarray(3, 3 + length) }];
      assert.is(writtenBy(encodeTlv, objects), writtenBy(encodeTlvByBytes, objects), `${tag} ${length}`);
    }
  }
  const several = tags.slice(0, 10).map((tag, place) => ({ tag, value: bytes.subarray(place, 3 * place) }));
  assert.is(writtenBy(encodeTlv, several), writtenBy(encodeTlvByBytes, several));
  const nested = [
    { tag: 0x95, value: bytes.subarray(0, 5) },
    { tag: 0x70, children: several },
  ];
  assert.is(writtenBy(encodeTlv, nested), writtenBy(encodeTlvByBytes, nested));
  const long = [{ tag: 0x53, value: bytes }];
  assert.is(writtenBy(encodeTlv, long), writtenBy(encodeTlvByBytes, long));
  assert.is(writtenBy(encodeTlv, []), "");
});

test.run();
