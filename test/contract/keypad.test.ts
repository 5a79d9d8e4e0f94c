import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Pins } from "../../hal/boards/p1/pins.ts";
import { Tca8418, type Tca8418Options } from "../../hal/drivers/keypad/tca8418.ts";
import type { KeyName, Keypad } from "../../hal/keypad.ts";
import { KEY_PLACES } from "../../simulator/chips/p1.ts";
import { Tca8418Chip } from "../../simulator/chips/tca8418.ts";
import { drain, keypadContract } from "./keypad.contract.ts";
import { Bench } from "./pump.ts";

const { bus, interrupt, keys } = p1Pins.keypad;
const INT_STAT = 0x02;

function options(bench: Bench): Tca8418Options {
  return { bus: { io: bench.io.SMBus, ...bus }, interrupt: { io: bench.io.Digital, pin: interrupt }, keys };
}

function board() {
  const bench = new Bench();
  const chip = new Tca8418Chip(bench.board, { ...bus, interrupt });
  const at = (key: KeyName) => KEY_PLACES[key]!;
  return {
    bench,
    chip,
    wire: bench.board.digitalWire(interrupt),
    press: (key: KeyName) => chip.press(at(key).row, at(key).column),
    release: (key: KeyName) => chip.release(at(key).row, at(key).column),
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

function make(onReadable?: (keypad: Keypad) => void) {
  const rig = board();
  const calls = { readable: 0, strangers: 0 };
  const keypad: Keypad = new Tca8418({
    ...options(rig.bench),
    onReadable(this: unknown) {
      calls.readable++;
      if (this !== keypad) calls.strangers++;
      onReadable?.(keypad);
    },
  });
  return { ...rig, calls, keypad };
}

keypadContract("TCA8418 on its model", make);

test("the chip is only told what its datasheet knows, and its interrupt is cleared", async () => {
  const { chip, wire, keypad, press, run } = make();
  press("1");
  assert.is(wire.level, 0);
  await run(5);
  assert.is(wire.level, 1);
  assert.is(chip.protocolErrors, 0);
  assert.is(drain(keypad).length, 1);
});

test("keys pressed before opening are forgotten and block nothing", async () => {
  const { bench, chip, press, release, run, wire } = board();
  new Tca8418(options(bench)).close();
  for (const key of ["1", "2", "3", "4", "5", "6"] as const) {
    press(key);
    release(key);
  }
  assert.ok(chip.overflows > 0);
  const keypad = new Tca8418(options(bench));
  assert.is(wire.level, 1);
  await run(5);
  assert.is(keypad.read(), undefined);
  press("7");
  await run(5);
  assert.equal(drain(keypad), [{ key: "7", pressed: true }]);
});

test("after an overflow the oldest ten events are read, no key stays down, and the keypad works on", async () => {
  const { chip, keypad, press, release, run } = make();
  for (const key of ["1", "2", "3", "4", "5", "6"] as const) press(key);
  for (const key of ["1", "2", "3", "4", "5", "6"] as const) release(key);
  assert.is(chip.overflows, 2);
  await run(5);
  const events = drain(keypad);
  const down = new Set<string>();
  for (const { key, pressed } of events) {
    if (pressed) down.add(key);
    else down.delete(key);
  }
  assert.is(events.filter(({ pressed }) => pressed).length, 6);
  assert.is(down.size, 0);
  press("9");
  await run(5);
  assert.equal(drain(keypad), [{ key: "9", pressed: true }]);
});

test("a key that arrives while the driver empties the chip is not lost", async () => {
  const { bench, press, run } = board();
  let clears = 0;
  class BusyBus extends bench.io.SMBus {
    override writeUint8(register: number, value: number): void {
      // The first clearing is the constructor's, the second comes after the FIFO was found empty.
      if (register === INT_STAT && ++clears === 2) press("8");
      super.writeUint8(register, value);
    }
  }
  const keypad = new Tca8418({ ...options(bench), bus: { io: BusyBus, ...bus } });
  press("1");
  await run(5);
  assert.equal(
    drain(keypad).map(({ key }) => key),
    ["1", "8"],
  );
});

test("a chip that stops answering ends in onError, once", async () => {
  const { bench, press, run } = board();
  let errors = 0;
  let dead = false;
  class DyingBus extends bench.io.SMBus {
    override readBuffer(register: number, byteLength: number): Uint8Array {
      if (dead) throw new Error("no acknowledge");
      return super.readBuffer(register, byteLength);
    }
  }
  const keypad = new Tca8418({
    ...options(bench),
    bus: { io: DyingBus, ...bus },
    onError: () => errors++,
  });
  dead = true;
  press("1");
  await run(5);
  press("2");
  await run(5);
  assert.is(errors, 1);
  assert.throws(() => keypad.read());
  assert.is(bench.board.open.size, 0);
});

test("an interrupt that never clears ends in onError instead of a hang", async () => {
  const { bench, press, run } = board();
  let errors = 0;
  class DeafBus extends bench.io.SMBus {
    override writeUint8(register: number, value: number): void {
      if (register !== INT_STAT) super.writeUint8(register, value);
    }
  }
  new Tca8418({ ...options(bench), bus: { io: DeafBus, ...bus }, onError: () => errors++ });
  press("1");
  await run(5);
  assert.is(errors, 1);
});

test("options are checked before the bus or the pin is taken", () => {
  const { bench } = board();
  const good = options(bench);
  const wrong: object[] = [
    { keys: [] },
    { keys: Array.from({ length: 9 }, () => ["1"]) },
    { keys: [Array.from({ length: 11 }, () => "1")] },
    { bus: { ...good.bus, address: 0x80 } },
    { interrupt: { ...good.interrupt, pin: -1 } },
    { onReadable: "soon" },
  ];
  for (const change of wrong) assert.throws(() => new Tca8418({ ...good, ...change }));
  assert.is(bench.board.open.size, 0);
});

test("a missing chip fails the constructor, which gives the bus back", () => {
  const bench = new Bench();
  assert.throws(() => new Tca8418(options(bench)), "no acknowledge");
  assert.is(bench.board.open.size, 0);
});

test("a power cut empties the chip and the next start hears keys again", async () => {
  const { bench, press, release, run, wire } = make();
  press("1");
  bench.board.cutPower();
  assert.is(wire.level, 1);
  bench.board.restorePower();
  release("1");
  const keypad = new Tca8418(options(bench));
  press("2");
  await run(5);
  assert.equal(drain(keypad), [{ key: "2", pressed: true }]);
});

test.run();
