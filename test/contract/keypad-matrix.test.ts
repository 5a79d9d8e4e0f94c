import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Pins } from "../../hal/boards/p1/pins.ts";
import { MatrixKeypad, type MatrixKeypadOptions } from "../../hal/drivers/keypad/matrix.ts";
import type { KeyName, Keypad } from "../../hal/keypad.ts";
import { KeyMatrixChip } from "../../simulator/chips/key-matrix.ts";
import { KEY_PLACES } from "../../simulator/chips/p1.ts";
import { drain, keypadContract } from "./keypad.contract.ts";
import { Bench } from "./pump.ts";

const wires = { rows: [20, 21, 22, 23, 24], columns: [30, 31, 32, 33, 34] };
/** Milliseconds that a finger needs from one move to the next. */
const FINGER = 30;

function options(bench: Bench): MatrixKeypadOptions {
  return { io: bench.io.Digital, ...wires, keys: p1Pins.keypad.keys, clock: bench.clock };
}

/** The keys with fingers that need time: each moves when the one before has. */
function make(onReadable?: (keypad: Keypad) => void) {
  const bench = new Bench();
  const matrix = new KeyMatrixChip(bench.board, wires);
  const calls = { readable: 0, strangers: 0 };
  let busyUntil = 0;
  const move = (action: () => void) => {
    busyUntil = Math.max(busyUntil, bench.world.now) + FINGER;
    bench.world.after(busyUntil - bench.world.now, action);
  };
  const place = (key: KeyName) => KEY_PLACES[key]!;
  const keypad: Keypad = new MatrixKeypad({
    ...options(bench),
    onReadable(this: unknown) {
      calls.readable++;
      if (this !== keypad) calls.strangers++;
      onReadable?.(keypad);
    },
  });
  return {
    bench,
    matrix,
    calls,
    keypad,
    press: (key: KeyName) => move(() => matrix.press(place(key).row, place(key).column)),
    release: (key: KeyName) => move(() => matrix.release(place(key).row, place(key).column)),
    run: (milliseconds: number) => bench.run(Math.max(0, busyUntil - bench.world.now) + FINGER + milliseconds),
  };
}

const told = (keypad: Keypad) => drain(keypad).map(({ key, pressed }) => `${key}${pressed ? " down" : " up"}`);

keypadContract("plain matrix on its model", make);

test("contacts that bounce are one press", async () => {
  const { keypad, calls, press, release, run } = make();
  press("5");
  await run(0);
  release("5");
  await run(0);
  assert.equal(told(keypad), ["5 down", "5 up"]);
  assert.is(calls.readable, 2);
});

test("a key is heard within 20 ms of its first touch", async () => {
  const { bench, matrix, keypad } = make();
  await bench.run(1_000);
  matrix.press(1, 0);
  await bench.run(20);
  assert.equal(told(keypad), ["1 down"]);
});

test("at rest nothing is scanned: all rows are low and no timer runs", async () => {
  const { bench, press, release, run } = make();
  let reads = 0;
  class Counting extends bench.io.Digital {
    override read(): 0 | 1 {
      reads++;
      return super.read();
    }
  }
  press("5");
  release("5");
  await run(100);
  for (const pin of wires.rows) assert.is(bench.board.digitalWire(pin).level, 0);
  const second = new Bench();
  new KeyMatrixChip(second.board, wires);
  new MatrixKeypad({ ...options(second), io: Counting });
  await second.run(100);
  const before = reads;
  await second.run(60_000);
  assert.is(reads, before);
});

test("three keys at the corners of a rectangle do not press the fourth", async () => {
  const { keypad, press, release, run } = make();
  press("1");
  press("2");
  await run(0);
  assert.equal(told(keypad), ["1 down", "2 down"]);
  press("4");
  await run(500);
  assert.equal(told(keypad), []);
  release("1");
  await run(0);
  assert.equal(told(keypad), ["1 up", "4 down"]);
  release("2");
  release("4");
  await run(0);
  assert.equal(told(keypad), ["2 up", "4 up"]);
});

test("a spike on a column presses nothing and the keypad works on", async () => {
  const { bench, keypad, press, run } = make();
  const column = bench.board.digitalWire(wires.columns[0]!);
  for (let times = 0; times < 20; times++) {
    column.drive(0);
    column.drive(1);
    await bench.run(3);
  }
  assert.equal(told(keypad), []);
  press("9");
  await run(0);
  assert.equal(told(keypad), ["9 down"]);
});

test("a column that is shorted to ground presses none of its keys, and those of the others work on", async () => {
  const { bench, keypad, press, release, run } = make();
  const stuck = bench.board.digitalWire(wires.columns[4]!);
  stuck.drive(0);
  stuck.watch(() => stuck.drive(0));
  await bench.run(500);
  press("5");
  release("5");
  press("ENTER");
  release("ENTER");
  await run(0);
  assert.equal(told(keypad), ["5 down", "5 up"]);
});

test("a key that is held while the keypad is opened is heard from its next press on, and blocks no other", async () => {
  const bench = new Bench();
  const matrix = new KeyMatrixChip(bench.board, wires);
  matrix.press(1, 0);
  await bench.run(10);
  const keypad = new MatrixKeypad(options(bench));
  await bench.run(100);
  matrix.press(2, 1);
  await bench.run(100);
  assert.equal(told(keypad), ["5 down"]);
  matrix.release(1, 0);
  await bench.run(100);
  assert.equal(told(keypad), []);
  matrix.press(1, 0);
  await bench.run(100);
  assert.equal(told(keypad), ["1 down"]);
});

test("a place without a key says nothing", async () => {
  const { bench, matrix, keypad } = make();
  matrix.press(4, 3);
  await bench.run(100);
  assert.equal(told(keypad), []);
});

test("after a power cut the next start hears keys again", async () => {
  const { bench, matrix, press, keypad: first } = make();
  press("1");
  await bench.run(100);
  bench.board.cutPower();
  first.close();
  bench.board.restorePower();
  matrix.release(1, 0);
  const keypad = new MatrixKeypad(options(bench));
  await bench.run(100);
  matrix.press(1, 1);
  await bench.run(100);
  assert.equal(told(keypad), ["2 down"]);
});

test("options are checked before a pin is taken, and a pin that cannot be had gives back the others", () => {
  const bench = new Bench();
  const good = options(bench);
  const wrong: object[] = [
    { rows: [] },
    { columns: Array.from({ length: 17 }, (_, index) => 100 + index) },
    { rows: [20, 20, 22, 23, 24] },
    { columns: [20, 31, 32, 33, 34] },
    { rows: [1.5, 21, 22, 23, 24] },
    { keys: [] },
    { keys: [["1", "2", "3", "4", "5", "6"]] },
    { keys: [["1"], ["1"], ["1"], ["1"], ["1"], ["1"]] },
    { onReadable: "soon" },
    { io: undefined },
    { clock: {} },
  ];
  for (const change of wrong)
    assert.throws(() => new MatrixKeypad({ ...good, ...change }), undefined, JSON.stringify(change));
  assert.is(bench.board.open.size, 0);
  class Broken extends bench.io.Digital {
    override write(): void {
      throw new Error("pin in use");
    }
  }
  assert.throws(() => new MatrixKeypad({ ...good, io: Broken }), "pin in use");
  assert.is(bench.board.open.size, 0);
});

test.run();
