import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Flash } from "../../hal/io.ts";

/** Opens the partition under test: erased, at least two blocks. */
export type MakeFlash = () => Flash;

/** What every NOR flash partition keeps. */
export function flashContract(name: string, make: MakeFlash): void {
  const test = suite(`flash contract: ${name}`);

  test("a fresh partition reads as ones, to its last byte", () => {
    const flash = make();
    const { size, blockLength } = flash.status();
    assert.is(size % blockLength, 0);
    assert.ok(flash.read(blockLength, size - blockLength).every((byte) => byte === 0xff));
  });

  test("what is programmed is read back, also across blocks", () => {
    const flash = make();
    const { blockLength } = flash.status();
    const bytes = Uint8Array.from({ length: 40 }, (_, index) => index);
    flash.write(bytes, blockLength - 20);
    assert.equal(flash.read(40, blockLength - 20), bytes);
    assert.equal([...flash.read(1, blockLength - 21), ...flash.read(1, blockLength + 20)], [0xff, 0xff]);
  });

  test("programming only clears bits", () => {
    const flash = make();
    flash.write(Uint8Array.of(0b1100_1100), 7);
    flash.write(Uint8Array.of(0b1010_1010), 7);
    assert.equal([...flash.read(1, 7)], [0b1000_1000]);
    flash.write(Uint8Array.of(0xff), 7);
    assert.equal([...flash.read(1, 7)], [0b1000_1000]);
  });

  test("erasing sets one block to ones and leaves its neighbours", () => {
    const flash = make();
    const { blockLength } = flash.status();
    flash.write(new Uint8Array(2 * blockLength), 0);
    flash.eraseBlock(1);
    assert.is(flash.read(1, blockLength - 1)[0], 0);
    assert.ok(flash.read(blockLength, blockLength).every((byte) => byte === 0xff));
  });

  test("nothing outside of the partition can be read, programmed or erased", () => {
    const flash = make();
    const { size, blockLength } = flash.status();
    assert.throws(() => flash.read(1, size));
    assert.throws(() => flash.read(2, size - 1));
    assert.throws(() => flash.read(1, -1));
    assert.throws(() => flash.read(-1, 0));
    assert.throws(() => flash.read(1, 0.5));
    assert.throws(() => flash.write(Uint8Array.of(0, 0), size - 1));
    assert.throws(() => flash.eraseBlock(size / blockLength));
    assert.throws(() => flash.eraseBlock(-1));
    assert.is(flash.read(1, size - 1)[0], 0xff);
  });

  test("what was read does not change with the flash, nor the flash with it", () => {
    const flash = make();
    const before = flash.read(1, 0);
    flash.write(Uint8Array.of(0), 0);
    assert.is(before[0], 0xff);
    flash.read(1, 1)[0] = 0;
    assert.is(flash.read(1, 1)[0], 0xff);
  });

  test("close may be called twice and every other call then throws", () => {
    const flash = make();
    flash.close();
    flash.close();
    assert.throws(() => flash.status());
    assert.throws(() => flash.read(1, 0));
    assert.throws(() => flash.write(Uint8Array.of(0), 0));
    assert.throws(() => flash.eraseBlock(0));
  });

  test.run();
}
