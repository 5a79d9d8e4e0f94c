import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, join, toHex } from "#native/bytes";
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
