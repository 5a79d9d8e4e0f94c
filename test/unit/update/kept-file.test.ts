import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "#native/digest";
import { keep, kept, roomFor } from "../../../firmware/update/kept-file.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { Seeded } from "../seeded.ts";

const blockLength = 256;
const fileOf = (length: number, seed: number): Uint8Array => new Seeded(seed).bytes(length);
const put = (flash: NorFlash, file: Uint8Array): void =>
  keep(flash, file.length, (length, offset) => file.slice(offset, offset + length));

test("a file that was kept counts, with its length and its sum, and the next one takes its place", () => {
  const flash = NorFlash.blank(5, blockLength);
  assert.is(kept(flash), undefined);
  for (const length of [1, 256, 257, roomFor(flash)]) {
    const file = fileOf(length, length);
    put(flash, file);
    assert.equal(kept(flash), { length, sum: crc32(file) });
    assert.equal(flash.read(length, 0), file);
  }
});

test("a file that is longer than its place is not begun", () => {
  const flash = NorFlash.blank(3, blockLength);
  put(flash, fileOf(10, 1));
  flash.onOperation = ({ kind }) => assert.unreachable(kind);
  assert.throws(
    () => put(flash, fileOf(roomFor(flash) + 1, 2)),
    (error: unknown) => error instanceof RangeError,
  );
});

test("after a power cut at any operation what counts is a whole file, the old one or the new one, or nothing", () => {
  const flash = NorFlash.blank(5, blockLength);
  const [before, after] = [fileOf(600, 3), fileOf(800, 4)];
  put(flash, before);
  let cuts = 0;
  flash.onOperation = (operation) => {
    const half = operation.before.slice();
    if (operation.kind === "program") {
      const { bytes, offset } = operation;
      for (let at = 0; at < bytes.length >> 1; at++) half[offset + at]! &= bytes[at]!;
    } else half.fill(0xff, operation.offset, operation.offset + blockLength / 2);
    for (const image of [operation.before, half]) {
      cuts++;
      const left = new NorFlash(image.slice(), blockLength);
      const found = kept(left);
      if (found === undefined) continue;
      assert.is(crc32(left.read(found.length, 0)), found.sum, `${operation.kind} at ${operation.offset}`);
    }
  };
  put(flash, after);
  assert.ok(cuts >= 20, `${cuts} cuts`);
});

test.run();
