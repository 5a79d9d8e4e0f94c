import { test } from "uvu";
import * as assert from "uvu/assert";
import { OperatorTable, type StoredOperator } from "../../../firmware/vault/operator-table.ts";
import { NorFlash, program } from "../journal/nor-flash.ts";

/** Two banks of ten places. */
const blockLength = 1024;

const operator = (seed: number): StoredOperator => ({
  iterations: 1_000 + seed,
  salt: new Uint8Array(16).fill(seed),
  digest: new Uint8Array(32).fill(0x80 + seed),
  isRemoved: false,
  isInitial: seed % 2 === 1,
  isGiven: false,
});

test("a record is read as it was written, also after a new start", () => {
  const flash = NorFlash.blank(2, blockLength);
  const table = new OperatorTable(flash);
  table.put(7, operator(1));
  table.put(99, { ...operator(2), isRemoved: true, isGiven: true });
  for (const each of [table, new OperatorTable(flash)]) {
    assert.equal(each.read(7), operator(1));
    assert.equal(each.read(99), { ...operator(2), isRemoved: true, isGiven: true });
    assert.is(each.read(8), undefined);
  }
});

test("a record of 96 bytes stands where the table's description says", () => {
  const flash = NorFlash.blank(2, blockLength);
  const table = new OperatorTable(flash);
  table.put(7, operator(1));
  table.noteTry(7);
  const record = flash.read(96, 16);
  assert.equal([...record.subarray(0, 8)], [0x4f, 7, 2, 0, 0xe9, 0x03, 0, 0]);
  assert.equal([...record.subarray(8, 24)], Array(16).fill(1));
  assert.equal([...record.subarray(24, 56)], Array(32).fill(0x81));
  assert.equal([...record.subarray(60, 66)], [0x44, 0x4f, 0x4e, 0x45, 0xf0, 0xff]);
  table.noteRight(7);
  assert.is(flash.read(1, 16 + 64)[0], 0);
});

test("wrong tries are counted in a row, through replacements of the record for want of room", () => {
  const flash = NorFlash.blank(2, blockLength);
  const table = new OperatorTable(flash);
  table.put(1, operator(1));
  let wrong = 0;
  for (let count = 0; count < 100; count++) {
    table.noteTry(1);
    wrong++;
    if (count % 4 === 3) {
      table.noteRight(1);
      wrong = 0;
    }
    assert.is(table.wrongTries(1), wrong);
    assert.is(new OperatorTable(flash).wrongTries(1), wrong);
  }
  assert.equal(table.read(1), operator(1));
});

test("what was replaced or erased is nowhere in flash any more", () => {
  const flash = NorFlash.blank(2, blockLength);
  const table = new OperatorTable(flash);
  for (let seed = 1; seed < 30; seed++) table.put(seed % 3, operator(seed));
  table.erase(0);
  const digests = new Set<number>();
  for (let at = 0; at + 32 <= flash.bytes.length; at++) {
    const first = flash.bytes[at]!;
    if (first > 0x80 && first < 0xa0 && flash.bytes.subarray(at, at + 32).every((byte) => byte === first)) {
      digests.add(first - 0x80);
    }
  }
  assert.equal([...digests].sort(), [28, 29]);
  assert.equal(
    [0, 1, 2].map((number) => new OperatorTable(flash).has(number)),
    [false, true, true],
  );
});

test("a full table refuses one more number and keeps those that it has", () => {
  const table = new OperatorTable(NorFlash.blank(2, blockLength));
  for (let number = 0; number < 10; number++) table.put(number, operator(number + 1));
  assert.throws(() => table.put(10, operator(11)), /no room/);
  assert.is(table.has(10), false);
  for (let number = 0; number < 10; number++) assert.equal(table.read(number), operator(number + 1));
});

/** All that the table says. */
function said(flash: NorFlash): string {
  const table = new OperatorTable(flash);
  return [1, 2, 3].map((number) => `${table.read(number)?.iterations ?? "-"}/${table.wrongTries(number)}`).join(" ");
}

test("a power cut at any byte of any operation leaves what was before or what was to be, and never fewer tries", () => {
  const flash = NorFlash.blank(2, blockLength);
  const table = new OperatorTable(flash);
  const steps: (() => void)[] = [];
  for (let round = 1; round <= 9; round++) {
    steps.push(
      () => table.put((round % 3) + 1, operator(round)),
      () => table.noteTry(2),
      () => table.noteTry(1),
      () => table.noteRight(1),
    );
  }
  steps.push(() => table.erase(3));
  let cuts = 0;
  let before = said(new NorFlash(flash.bytes.slice(), blockLength));
  for (const step of steps) {
    const images: Uint8Array[] = [];
    flash.onOperation = (operation) => {
      images.push(operation.before.slice());
      if (operation.kind === "erase") {
        const image = operation.before.slice();
        image.fill(0xff, operation.offset + blockLength / 2, operation.offset + blockLength);
        images.push(image);
        return;
      }
      for (let length = 1; length <= operation.bytes.length; length++) {
        const image = operation.before.slice();
        program(image, operation.bytes.subarray(0, length), operation.offset);
        images.push(image);
        const half = operation.before.slice();
        program(half, operation.bytes.subarray(0, length), operation.offset);
        half[operation.offset + length - 1] =
          operation.before[operation.offset + length - 1]! & (operation.bytes[length - 1]! | 0x0f);
        images.push(half);
      }
    };
    step();
    flash.onOperation = undefined;
    const after = said(new NorFlash(flash.bytes.slice(), blockLength));
    for (const image of images) {
      cuts++;
      const once = new NorFlash(image, blockLength);
      const now = said(once);
      if (now !== before && now !== after) assert.unreachable(`${now} instead of ${before} or ${after}`);
      if (said(once) !== now) assert.unreachable("the second start says something else");
    }
    before = after;
  }
  assert.ok(cuts > 2_000, `${cuts} cuts`);
});

test.run();
