import { test } from "uvu";
import * as assert from "uvu/assert";
import { BLOCK_LENGTH, NorFlash } from "../../simulator/chips/nor-flash.ts";
import { PowerCut } from "../../simulator/io/board.ts";
import { flashContract } from "./flash.contract.ts";
import { Bench } from "./pump.ts";

const PARTITIONS = [
  { name: "before", size: BLOCK_LENGTH },
  { name: "journal", size: 4 * BLOCK_LENGTH },
  { name: "after", size: BLOCK_LENGTH },
];

function make(seed = 0) {
  const bench = new Bench();
  const chip = new NorFlash(bench.board, PARTITIONS, seed);
  return { bench, chip, flash: new bench.io.Flash({ partition: "journal" }) };
}

flashContract("simulated NOR flash", () => make().flash);

test("a partition that does not exist cannot be opened", () => {
  const { bench } = make();
  const open = bench.board.open.size;
  assert.throws(() => new bench.io.Flash({ partition: "other" }));
  assert.is(bench.board.open.size, open);
});

test("partitions do not touch each other", () => {
  const { bench, flash } = make();
  flash.write(new Uint8Array(4 * BLOCK_LENGTH), 0);
  for (const partition of ["before", "after"]) {
    const other = new bench.io.Flash({ partition });
    assert.ok(other.read(BLOCK_LENGTH, 0).every((byte) => byte === 0xff));
  }
});

test("programs and erases are counted, and erases by block", () => {
  const { chip, flash } = make();
  flash.write(Uint8Array.of(1), 0);
  flash.write(new Uint8Array(0), 0);
  flash.eraseBlock(2);
  flash.eraseBlock(2);
  flash.read(1, 0);
  assert.is(chip.operations, 3);
  assert.equal(chip.wear("journal"), [0, 0, 2, 0]);
});

test("a cut in a program throws PowerCut, takes the power, and leaves a beginning of the bytes", () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 200; seed++) {
    const { bench, chip, flash } = make(seed);
    const bytes = new Uint8Array(16);
    chip.cutAtOperation(2);
    flash.write(bytes, 0);
    assert.throws(
      () => flash.write(bytes, 100),
      (error: unknown) => error instanceof PowerCut,
    );
    assert.is(bench.board.powered, false);
    assert.throws(
      () => flash.read(1, 0),
      (error: unknown) => error instanceof PowerCut,
    );
    const left = chip.read("journal", 17, 100);
    const whole = left.findIndex((byte) => byte !== 0);
    lengths.add(whole);
    assert.ok(
      left.slice(whole + 1).every((byte) => byte === 0xff),
      "after the torn byte nothing is touched",
    );
    assert.is(left[16], 0xff);
  }
  assert.ok(lengths.has(0) && lengths.has(16), "nothing and all of it happen too");
  assert.ok(lengths.size > 10);
});

test("a cut in an erase leaves a mix, in that block only, and no set bit is lost", () => {
  const { chip, flash } = make(5);
  flash.write(new Uint8Array(2 * BLOCK_LENGTH).fill(0x55), 0);
  chip.cutAtOperation(1);
  assert.throws(
    () => flash.eraseBlock(0),
    (error: unknown) => error instanceof PowerCut,
  );
  const torn = chip.read("journal", BLOCK_LENGTH, 0);
  assert.ok(new Set(torn).size > 4);
  assert.ok(torn.every((byte) => (byte & 0x55) === 0x55));
  assert.ok(chip.read("journal", BLOCK_LENGTH, BLOCK_LENGTH).every((byte) => byte === 0x55));
});

test("the same seed tears the same operation in the same way, another seed in another", () => {
  const torn = (seed: number) => {
    const { chip, flash } = make(seed);
    chip.cutAtOperation(1);
    assert.throws(() => flash.eraseBlock(0));
    flash.close();
    return Buffer.concat(chip.blocks("journal")).toString("base64");
  };
  const programmed = (seed: number) => {
    const { chip, flash } = make(seed);
    chip.cutAtOperation(1);
    assert.throws(() => flash.write(new Uint8Array(1000), 0));
    return Buffer.concat(chip.blocks("journal")).toString("base64");
  };
  assert.is(torn(1), torn(1));
  assert.is(programmed(1), programmed(1));
  assert.is.not(programmed(1), programmed(2));
});

test("after the power is back the flash holds what it held, and works on", () => {
  const { bench, chip, flash } = make();
  flash.write(Uint8Array.of(1, 2, 3), 0);
  chip.cutAtOperation(1);
  assert.throws(() => flash.write(Uint8Array.of(4), 10));
  bench.board.restorePower();
  const again = new bench.io.Flash({ partition: "journal" });
  assert.equal([...again.read(3, 0)], [1, 2, 3]);
  again.write(Uint8Array.of(9), 20);
  assert.is(again.read(1, 20)[0], 9);
});

test("a cut that is called off does not come", () => {
  const { chip, flash } = make();
  chip.cutAtOperation(1);
  chip.cutAtOperation(0);
  flash.write(Uint8Array.of(0), 0);
  for (const n of [-1, 0.5, Number.NaN]) assert.throws(() => chip.cutAtOperation(n));
});

test("the chip can be looked at block by block, also where nothing was ever programmed", () => {
  const { chip, flash } = make();
  flash.write(Uint8Array.of(1, 2, 3), BLOCK_LENGTH - 2);
  const blocks = chip.blocks("journal");
  assert.is(blocks.length, 4);
  assert.equal([...blocks[0]!.subarray(-3)], [0xff, 1, 2]);
  assert.equal([...blocks[1]!.subarray(0, 2)], [3, 0xff]);
  assert.equal(chip.blocks("after")[0], new Uint8Array(BLOCK_LENGTH).fill(0xff));
});

test("a partition is manufactured without wear and without a cut", () => {
  const { chip, flash } = make();
  chip.cutAtOperation(1);
  chip.manufacture("journal", Uint8Array.of(7));
  assert.equal([...flash.read(2, 0)], [7, 0xff]);
  assert.is(chip.operations, 0);
});

test("partitions of broken blocks or the same name are refused", () => {
  const { board } = new Bench();
  assert.throws(() => new NorFlash(board, [{ name: "a", size: 100 }]));
  assert.throws(
    () =>
      new NorFlash(board, [
        { name: "a", size: 4096 },
        { name: "a", size: 4096 },
      ]),
  );
});

test.run();
