import { test } from "uvu";
import * as assert from "uvu/assert";
import { copy, equal, fold, fromHex, join, packDigits, parity, sum, toHex, unpackDigits, wipe } from "#native/bytes";
import { Seeded } from "../seeded.ts";

test("bytes are upper-case hexadecimal and come back, in either case", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = toHex(all);
  assert.is(text.slice(0, 34), "000102030405060708090A0B0C0D0E0F10");
  assert.is(text.slice(-6), "FDFEFF");
  assert.equal(fromHex(text), all);
  assert.equal(fromHex(text.toLowerCase()), all);
  assert.is(toHex(new Uint8Array(0)), "");
  assert.equal(fromHex(""), new Uint8Array(0));
});

test("views and buffers are written from where they begin", () => {
  const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
  assert.is(toHex(view), "0203");
  assert.is(toHex(Uint8Array.of(0xab).buffer), "AB");
});

test("text that is not hexadecimal gives nothing", () => {
  for (const text of ["0", "123", "0G", "G0", " 0", "0x00", "@@", "``", "//", "::", "\u0000\u0000", "水水", "é0"]) {
    assert.is(fromHex(text), undefined, text);
  }
});

test("byte strings are joined in their order, and copied", () => {
  const seeded = new Seeded(3);
  const parts = Array.from({ length: 40 }, () => seeded.bytes(seeded.below(90)));
  const joined = join(parts);
  assert.is(toHex(joined), parts.map(toHex).join(""));
  parts[0]!.fill(0xff);
  assert.not.equal(joined.slice(0, parts[0]!.length), parts[0]);
  assert.equal(join([]), new Uint8Array(0));
  assert.equal(join([Uint8Array.of(7, 8, 9).subarray(1), Uint8Array.of(1).buffer]), Uint8Array.of(8, 9, 1));
});

test("digits go into nibbles, from any of them on, and come back", () => {
  for (const [digits, nibble, packed] of [
    ["12345", 0, "123450"],
    ["12345", 1, "012345"],
    ["", 6, "000000"],
    ["9", 5, "000009"],
    ["4761D3012", 0, "4761D30120"],
    ["abcdef", 0, "ABCDEF"],
  ] as const) {
    const characters = Uint8Array.from(digits, (one) => one.charCodeAt(0));
    for (const from of [digits, characters]) {
      const bytes = new Uint8Array(packed.length / 2);
      assert.is(packDigits(from, bytes, nibble, true), -1);
      assert.is(toHex(bytes), packed);
      const back = new Uint8Array(digits.length);
      assert.is(unpackDigits(bytes, nibble, back, true), -1);
      assert.is(String.fromCharCode(...back), digits.toUpperCase());
    }
  }
});

test("a character or nibble that may not come is told by its place", () => {
  const bytes = new Uint8Array(3);
  for (const [text, place] of [
    ["12A4", 2],
    ["/1", 0],
    ["1:", 1],
    ["12\u00e9", 2],
    ["1水2345678", 1],
    ["1\u00002", 1],
  ] as const) {
    assert.is(packDigits(text, bytes.fill(0), 0, false), place, text);
  }
  assert.is(packDigits("12AG", bytes.fill(0), 0, true), 3);
  assert.is(unpackDigits(Uint8Array.of(0x12, 0x3f), 0, new Uint8Array(4), false), 3);
  assert.is(unpackDigits(Uint8Array.of(0xf2, 0x34), 1, new Uint8Array(3), false), -1);
});

test("digits that do not fit are refused, and nothing is written beyond", () => {
  const bytes = new Uint8Array(4);
  for (const [digits, nibble] of [
    ["12345", 0],
    ["1234", 1],
    ["1", 4],
    ["1", 0xffff],
  ] as const) {
    assert.throws(() => packDigits(digits, bytes.subarray(0, 2), nibble, false), undefined, digits);
    assert.is(toHex(bytes.subarray(2)), "0000");
    assert.throws(
      () => unpackDigits(bytes.subarray(0, 2), nibble, new Uint8Array(digits.length), false),
      undefined,
      digits,
    );
  }
  for (const nibble of [-1, 0.5, 0x10000, Number.NaN]) {
    assert.throws(() => packDigits("1", bytes, nibble, false), undefined, String(nibble));
    assert.throws(() => unpackDigits(bytes, nibble, new Uint8Array(1), false), undefined, String(nibble));
  }
});

test("pieces are folded by exclusive or, the last one filled with zeros", () => {
  assert.is(toHex(fold(fromHex("0102030405060708FF")!, 8)), "FE02030405060708");
  assert.is(toHex(fold(fromHex("010203")!, 1)), "00");
  assert.is(toHex(fold(new Uint8Array(0), 4)), "00000000");
  for (const size of [0, -1, 1.5, 0x10000]) assert.throws(() => fold(new Uint8Array(8), size), undefined, String(size));
});

test("sums and exclusive ors are those of single bytes, wherever they begin and end", () => {
  const all = new Seeded(211).bytes(48);
  for (let shift = 0; shift < 4; shift++) {
    const bytes = all.subarray(shift);
    for (let from = 0; from < 6; from++) {
      for (let to = from; to <= 20; to++) {
        const part = Array.from(bytes.subarray(from, to));
        const name = `${shift} ${from} ${to}`;
        assert.is(sum(bytes, from, to), part.reduce((whole, byte) => whole + byte, 0) & 0xff, name);
        assert.is(
          parity(bytes, from, to),
          part.reduce((whole, byte) => whole ^ byte, 0),
          name,
        );
      }
    }
  }
  const full = new Uint8Array(260).fill(0xff);
  assert.is(sum(full, 0, 260), (260 * 255) & 0xff);
  assert.is(parity(full, 0, 259), 0xff);
  for (const [from, to] of [
    [0, 261],
    [2, 1],
    [-1, 4],
    [0, 0.5],
  ] as const) {
    assert.throws(() => sum(full, from, to), undefined, `${from} ${to}`);
    assert.throws(() => parity(full, from, to), undefined, `${from} ${to}`);
  }
});

test("bytes are copied to where they are said to go, and to nowhere else", () => {
  const target = new Uint8Array(8).fill(9);
  copy(Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4), target.subarray(1), 2);
  assert.equal(target, Uint8Array.of(9, 9, 9, 1, 2, 3, 9, 9));
  copy(target.subarray(3, 8), target, 2);
  assert.equal(target, Uint8Array.of(9, 9, 1, 2, 3, 9, 9, 9), "over each other");
  copy(new Uint8Array(0), target, 8);
  for (const at of [6, 9, -1, 0.5, Number.NaN]) {
    assert.throws(() => copy(new Uint8Array(3), target, at), undefined, String(at));
  }
  assert.throws(() => copy([1] as unknown as Uint8Array, target, 0));
  assert.equal(target, Uint8Array.of(9, 9, 1, 2, 3, 9, 9, 9), "what is refused changes nothing");
});

test("bytes are equal that are as many and the same", () => {
  const bytes = new Seeded(212).bytes(40);
  assert.ok(equal(bytes, bytes.slice()));
  assert.ok(equal(bytes.subarray(3, 3), new Uint8Array(0)));
  assert.ok(equal(bytes.subarray(5, 9), bytes.slice(5, 9).buffer));
  for (const place of [0, 1, 20, 39]) {
    const other = bytes.slice();
    other[place]! ^= 0x80;
    assert.not.ok(equal(bytes, other), `${place}`);
  }
  assert.not.ok(equal(bytes, bytes.subarray(0, 39)));
  assert.throws(() => equal(bytes, "00" as unknown as Uint8Array));
});

test("what is wiped is zeros, and nothing beside it", () => {
  const bytes = new Uint8Array(9).fill(7);
  wipe(bytes.subarray(2, 8));
  assert.equal(bytes, Uint8Array.of(7, 7, 0, 0, 0, 0, 0, 0, 7));
  wipe(new Uint8Array(0));
  assert.throws(() => wipe("00" as unknown as Uint8Array));
});

test("what is no text and no bytes is refused", () => {
  for (const bad of [undefined, null, 1, {}, [1]]) {
    assert.throws(() => toHex(bad as unknown as Uint8Array), undefined, String(bad));
    assert.throws(() => fromHex(bad as unknown as string), undefined, String(bad));
    assert.throws(() => join([new Uint8Array(1), bad as unknown as Uint8Array]), undefined, String(bad));
  }
  for (const bad of [undefined, null, "00", new Uint8Array(2)]) {
    assert.throws(() => join(bad as unknown as Uint8Array[]), undefined, String(bad));
  }
});

test.run();
