import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Aw9523, type Aw9523Options, expanderPins } from "../../hal/drivers/expander/aw9523.ts";
import { Ft6206 } from "../../hal/drivers/touch/ft6206.ts";
import type { Digital, DigitalConstructor, DigitalOptions } from "../../hal/io.ts";
import { Aw9523Chip } from "../../simulator/chips/aw9523.ts";
import { Ft6206Chip } from "../../simulator/chips/ft6206.ts";
import { digitalContract } from "./digital.contract.ts";
import { Bench } from "./pump.ts";
import { drain } from "./touch.contract.ts";

const wires = { bus: 1, address: 0x58, interrupt: 21, pins: 100 };
const PIN = 10;
const OTHER = 3;

function stand(inputs = 1 << PIN, levels = 0) {
  const bench = new Bench();
  const chip = new Aw9523Chip(bench.board, wires);
  const options: Aw9523Options = {
    bus: { io: bench.io.SMBus, bus: wires.bus, address: wires.address },
    interrupt: { io: bench.io.Digital, pin: wires.interrupt },
    inputs,
    levels,
    clock: bench.clock,
  };
  return { bench, chip, options, wire: (pin: number) => bench.board.digitalWire(wires.pins + pin) };
}

/** A pin that is what it is opened as: which pins are inputs is the board's to say, once. */
digitalContract("a pin of an AW9523B on its model", () => {
  const { bench, options, wire } = stand();
  const open = (pin: DigitalOptions): Digital =>
    new (expanderPins(new Aw9523({ ...options, inputs: pin.mode === "output" ? 0 : 1 << PIN })))(pin);
  // A constructor that gives an object gives that one.
  const Opened = function (this: unknown, pin: DigitalOptions) {
    return open(pin);
  } as unknown as DigitalConstructor;
  return {
    Digital: Opened,
    pin: PIN,
    run: (milliseconds) => bench.run(milliseconds),
    drive: (level) => wire(PIN).drive(level),
    level: () => wire(PIN).level,
    delivering: () => bench.delivering,
  };
});

const test = suite("AW9523B and what goes wrong");

test("outputs show their first level at once, and inputs drive nothing", () => {
  const { chip, options, wire } = stand(1 << PIN, (1 << 0) | (1 << 15));
  const seen: number[] = [];
  wire(1).watch((level) => seen.push(level));
  wire(PIN).drive(0);
  wire(PIN).drive(1);
  new Aw9523(options);
  assert.equal(
    [0, 1, 8, 15].map((pin) => wire(pin).level),
    [1, 0, 0, 1],
  );
  assert.equal(seen, []);
  assert.is(wire(PIN).level, 1);
  assert.is(chip.protocolErrors, 0);
});

test("a pin is opened as the board has it, and in no other way", () => {
  const { options } = stand();
  const Pin = expanderPins(new Aw9523(options));
  const isRangeError = (error: unknown) => error instanceof RangeError;
  assert.throws(() => new Pin({ pin: PIN, mode: "output" }), isRangeError);
  assert.throws(() => new Pin({ pin: OTHER, mode: "input" }), isRangeError);
  assert.throws(() => new Pin({ pin: 16, mode: "output" }), isRangeError);
});

test("an output keeps its level when it is closed, and writing one pin leaves the others", () => {
  const { options, wire } = stand(0, 1 << 8);
  const Pin = expanderPins(new Aw9523(options));
  const [first, second] = [new Pin({ pin: OTHER, mode: "output" }), new Pin({ pin: 9, mode: "output" })];
  first.write(1);
  second.write(1);
  first.close();
  second.write(0);
  assert.equal(
    [OTHER, 8, 9].map((pin) => wire(pin).level),
    [1, 1, 0],
  );
});

test("a pulse that is over before it was read is heard", async () => {
  const { bench, options, wire } = stand();
  let heard = 0;
  new (expanderPins(new Aw9523(options)))({ pin: PIN, mode: "input", edge: "falling", onReadable: () => heard++ });
  for (let pulse = 1; pulse <= 3; pulse++) {
    wire(PIN).drive(0);
    wire(PIN).drive(1);
    await bench.run(1);
    assert.is(heard, pulse);
  }
});

test("an edge is heard though somebody else has read the chip first", async () => {
  const { bench, options, wire } = stand((1 << PIN) | (1 << 11));
  let heard = 0;
  const Pin = expanderPins(new Aw9523(options));
  const other = new Pin({ pin: 11, mode: "input" });
  new Pin({ pin: PIN, mode: "input", edge: "falling", onReadable: () => heard++ });
  wire(PIN).drive(0);
  assert.is(other.read(), 1);
  assert.is(heard, 0);
  await bench.run(1);
  assert.ok(heard >= 1);
});

test("what nobody listens to wakes nobody", async () => {
  const { bench, options, wire } = stand((1 << PIN) | (1 << 11));
  let heard = 0;
  const Pin = expanderPins(new Aw9523(options));
  const pin = new Pin({ pin: PIN, mode: "input", edge: "both", onReadable: () => heard++ });
  wire(11).drive(0);
  assert.is(bench.board.digitalWire(wires.interrupt).level, 1);
  pin.close();
  wire(PIN).drive(0);
  assert.is(bench.board.digitalWire(wires.interrupt).level, 1);
  await bench.run(1);
  assert.is(heard, 0);
});

test("a chip that fails to answer an interrupt is asked again; where it stays silent, who listens is called to see for himself", async () => {
  for (const [failures, after] of [
    [1, 0],
    [2, 0],
    [3, 1],
  ] as const) {
    const { bench, chip, options, wire } = stand();
    let heard = 0;
    new (expanderPins(new Aw9523(options)))({ pin: PIN, mode: "input", edge: "rising", onReadable: () => heard++ });
    const own = chip.read.bind(chip);
    let left: number = failures;
    chip.read = (length) => {
      if (left-- > 0) throw new Error("no acknowledge");
      return own(length);
    };
    wire(PIN).drive(0);
    await bench.run(100);
    assert.is(heard, after, `${failures} failures`);
    // The interrupt is free again where the chip answered in the end.
    wire(PIN).drive(1);
    await bench.run(100);
    assert.ok(heard >= (failures < 3 ? 1 : after));
  }
});

test("another chip at the address, or none, is told at once, and the bus is free", () => {
  const { bench, chip, options } = stand();
  chip.read = () => Uint8Array.of(0x22);
  assert.throws(() => new Aw9523(options), /AW9523B/);
  bench.board.i2c.clear();
  assert.throws(() => new Aw9523(options));
  assert.is(bench.board.open.size, 0);
});

test("options are checked before any IO is opened", () => {
  const { bench, options } = stand();
  for (const wrong of [
    { inputs: -1 },
    { inputs: 0x10000 },
    { levels: 1.5 },
    { bus: { ...options.bus, address: 0x80 } },
    { interrupt: { ...options.interrupt, pin: -1 } },
    { clock: {} },
  ])
    assert.throws(() => new Aw9523({ ...options, ...(wrong as object) }), undefined, JSON.stringify(wrong));
  assert.is(bench.board.open.size, 0);
});

test("a touch chip behind the expander is reset, awaited, and heard finger by finger", async () => {
  const { bench, chip, options, wire } = stand(1 << PIN, 0);
  const touchChip = new Ft6206Chip(
    bench.board,
    { bus: 1, address: 0x38, interrupt: wires.pins + PIN, reset: wires.pins + OTHER },
    0x64,
  );
  const pins = expanderPins(new Aw9523(options));
  let errors = 0;
  const touch = new Ft6206({
    bus: { io: bench.io.SMBus, bus: 1, address: 0x38 },
    interrupt: { io: pins, pin: PIN },
    reset: { io: pins, pin: OTHER },
    glass: { width: 320, height: 240 },
    clock: bench.clock,
    onError: () => errors++,
  });
  await bench.run(100);
  assert.is(wire(OTHER).level, 1);
  touchChip.fingers.put({ id: 0, x: 10, y: 20 });
  await bench.run(50);
  touchChip.fingers.lift(0);
  await bench.run(250);
  assert.equal(drain(touch), []);
  for (let tap = 0; tap < 20; tap++) {
    touchChip.fingers.put({ id: 0, x: 10 + tap, y: 20 });
    await bench.run(30);
    touchChip.fingers.lift(0);
    await bench.run(40);
    assert.equal(
      drain(touch).map((points) => points.map(({ x }) => x)),
      [[10 + tap], []],
    );
  }
  assert.is(errors + chip.protocolErrors + touchChip.protocolErrors, 0);
  touch.close();
  assert.is(bench.board.i2c.size, 2);
});

test.run();
