import { test } from "uvu";
import * as assert from "uvu/assert";
import { PowerCut } from "../../simulator/io/board.ts";
import { Bench } from "./pump.ts";

const place = { bus: 0, address: 0x24 };

const isRangeError = (error: unknown) => error instanceof RangeError;
const isPowerCut = (error: unknown) => error instanceof PowerCut;

function stand() {
  const bench = new Bench();
  const written: Uint8Array[] = [];
  bench.board.i2c.set("0:36", {
    write: (bytes) => written.push(bytes),
    read: (byteLength) => new Uint8Array(byteLength).fill(0x5a),
  });
  return { bench, written };
}

test("what is written reaches the chip at the address, and its bytes come back", () => {
  const { bench, written } = stand();
  const i2c = new bench.io.I2C(place);
  i2c.write(Uint8Array.of(1, 2));
  assert.equal(written, [Uint8Array.of(1, 2)]);
  assert.equal(i2c.read(3), Uint8Array.of(0x5a, 0x5a, 0x5a));
});

test("bytes that the caller changes after writing are not changed at the chip", () => {
  const { bench, written } = stand();
  const bytes = Uint8Array.of(1, 2);
  new bench.io.I2C(place).write(bytes);
  bytes.fill(0);
  assert.equal(written, [Uint8Array.of(1, 2)]);
});

test("an address without a chip does not acknowledge", () => {
  const { bench } = stand();
  const i2c = new bench.io.I2C({ bus: 0, address: 0x25 });
  assert.throws(() => i2c.read(1), /no acknowledge/);
  assert.throws(() => i2c.write(Uint8Array.of(0)), /no acknowledge/);
});

test("a register is read by one write and one read", () => {
  const { bench, written } = stand();
  const bus = new bench.io.SMBus(place);
  assert.is(bus.readUint8(7), 0x5a);
  bus.writeUint8(8, 9);
  bus.writeBuffer(1, Uint8Array.of(2, 3));
  assert.equal(written, [Uint8Array.of(7), Uint8Array.of(8, 9), Uint8Array.of(1, 2, 3)]);
});

test("an address that cannot be is refused without keeping anything", () => {
  const { bench } = stand();
  for (const address of [0x80, -1, Number.NaN]) {
    assert.throws(() => new bench.io.I2C({ bus: 0, address }), isRangeError);
    assert.throws(() => new bench.io.SMBus({ bus: 0, address }), isRangeError);
  }
  assert.is(bench.board.open.size, 0);
});

test("close may be called twice, and every call throws afterwards", () => {
  const { bench } = stand();
  const i2c = new bench.io.I2C(place);
  const bus = new bench.io.SMBus(place);
  for (const one of [i2c, bus]) {
    one.close();
    one.close();
  }
  assert.throws(() => i2c.read(1), /closed/);
  assert.throws(() => i2c.write(Uint8Array.of(1)), /closed/);
  assert.throws(() => bus.readUint8(1), /closed/);
  assert.throws(() => bus.writeUint8(1, 1), /closed/);
});

test("without power every call throws, and nothing can be opened", () => {
  const { bench } = stand();
  const i2c = new bench.io.I2C(place);
  bench.board.cutPower();
  assert.throws(() => i2c.read(1), isPowerCut);
  assert.throws(() => new bench.io.I2C(place), isPowerCut);
});

test.run();
