import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyField } from "../../hal/drivers/keypad/key-field.ts";
import { OnScreenKeys } from "../../hal/drivers/keypad/on-screen.ts";
import { Ft6206 } from "../../hal/drivers/touch/ft6206.ts";
import { Gt911 } from "../../hal/drivers/touch/gt911.ts";
import type { KeyName, Keypad } from "../../hal/keypad.ts";
import type { Touch, TouchPoint } from "../../hal/touch.ts";
import { Ft6206Chip } from "../../simulator/chips/ft6206.ts";
import { Gt911Chip } from "../../simulator/chips/gt911.ts";
import { drain, keypadContract } from "./keypad.contract.ts";
import { Bench } from "./pump.ts";

const INTERRUPT = 5;
const glass = { width: 320, height: 480 };
const places = keyField({ x: 0, y: 240, width: 320, height: 240 });
/** Milliseconds that a finger needs from one move to the next. */
const FINGER = 30;

const kinds = {
  FT6206: (bench: Bench) => ({
    chip: new Ft6206Chip(bench.board, { bus: 0, address: 0x38, interrupt: INTERRUPT }),
    touch: (callbacks: object): Touch =>
      new Ft6206({
        bus: { io: bench.io.SMBus, bus: 0, address: 0x38 },
        interrupt: { io: bench.io.Digital, pin: INTERRUPT },
        glass,
        clock: bench.clock,
        ...callbacks,
      }),
  }),
  GT911: (bench: Bench) => ({
    chip: new Gt911Chip(bench.board, { bus: 0, interrupt: INTERRUPT }),
    touch: (callbacks: object): Touch =>
      new Gt911({
        i2c: { io: bench.io.I2C, bus: 0, address: 0x5d },
        interrupt: { io: bench.io.Digital, pin: INTERRUPT },
        glass,
        clock: bench.clock,
        ...callbacks,
      }),
  }),
};

function middle(key: KeyName) {
  const { x, y, width, height } = places.find((place) => place.key === key)!;
  return { x: x + (width >> 1), y: y + (height >> 1) };
}

for (const [name, solder] of Object.entries(kinds)) {
  keypadContract(`keys on the glass of a ${name}`, (onReadable) => {
    const bench = new Bench();
    const { chip, touch } = solder(bench);
    const calls = { readable: 0, strangers: 0 };
    const fingers = new Map<KeyName, number>();
    let busyUntil = 0;
    const move = (action: () => void) => {
      busyUntil = Math.max(busyUntil, bench.world.now) + FINGER;
      bench.world.after(busyUntil - bench.world.now, action);
    };
    const keypad: Keypad = new OnScreenKeys({
      touch,
      places,
      onReadable(this: unknown) {
        calls.readable++;
        if (this !== keypad) calls.strangers++;
        onReadable?.(keypad);
      },
    });
    return {
      keypad,
      calls,
      press: (key) =>
        move(() => {
          const taken = [...fingers.values()];
          const id = fingers.get(key) ?? [0, 1, 2].find((free) => !taken.includes(free))!;
          fingers.set(key, id);
          chip.fingers.put({ id, ...middle(key) });
        }),
      release: (key) =>
        move(() => {
          chip.fingers.lift(fingers.get(key) ?? 9);
          fingers.delete(key);
        }),
      run: (milliseconds) => bench.run(Math.max(0, busyUntil - bench.world.now) + FINGER + milliseconds),
    };
  });
}

/** A glass that tells what it is told to. */
function fake() {
  const queue: (readonly TouchPoint[])[] = [];
  let callbacks: { onReadable(): void; onError(): void } | undefined;
  let closed = 0;
  let errors = 0;
  const keypad = new OnScreenKeys({
    touch: (given) => {
      callbacks = given;
      return {
        read: () => queue.shift(),
        close() {
          closed++;
        },
      };
    },
    places,
    onError: () => {
      errors++;
    },
  });
  return {
    keypad,
    tell(...samples: (readonly TouchPoint[])[]) {
      queue.push(...samples);
      callbacks!.onReadable();
    },
    fail: () => callbacks!.onError(),
    told: () => drain(keypad).map(({ key, pressed }) => `${key}${pressed ? " down" : " up"}`),
    closed: () => closed,
    errors: () => errors,
  };
}

const at = (id: number, key: KeyName): TouchPoint => ({ id, ...middle(key) });

test("the keys tile their part of the display without a gap or an overlap, and each key is there once", () => {
  const covered = new Uint8Array(320 * 480);
  for (const { x, y, width, height } of places)
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) covered[row * 320 + column]!++;
  assert.ok(covered.every((times, index) => times === (index >= 320 * 240 ? 1 : 0)));
  assert.is(new Set(places.map(({ key }) => key)).size, 21);
  assert.is(places.length, 21);
});

test("a finger that slips off its key types nothing else and lets its key go when it leaves", () => {
  const { tell, told } = fake();
  tell([at(0, "5")], [at(0, "6")], [at(0, "ENTER")]);
  assert.equal(told(), ["5 down"]);
  tell([]);
  assert.equal(told(), ["5 up"]);
});

test("a finger that landed beside the keys presses none, wherever it goes", () => {
  const { tell, told } = fake();
  tell([{ id: 0, x: 10, y: 10 }], [at(0, "1")], []);
  assert.equal(told(), []);
});

test("two fingers on one key are one press, until the last has left", () => {
  const { tell, told } = fake();
  tell([at(0, "0")], [at(0, "0"), { id: 1, x: 100, y: 470 }]);
  assert.equal(told(), ["0 down"]);
  tell([{ id: 1, x: 100, y: 470 }]);
  assert.equal(told(), []);
  tell([]);
  assert.equal(told(), ["0 up"]);
});

test("a finger that changes into another within one report is both", () => {
  const { tell, told } = fake();
  tell([at(0, "1")], [at(1, "2")]);
  assert.equal(told(), ["1 down", "1 up", "2 down"]);
});

test("keys that move are where they are when a finger lands; who is down already keeps his key", () => {
  let now: typeof places = [];
  let report: (() => void) | undefined;
  const reports: TouchPoint[][] = [];
  const keypad = new OnScreenKeys({
    places: () => now,
    touch: ({ onReadable }) => {
      report = onReadable;
      return { read: () => reports.shift(), close() {} };
    },
  });
  const tell = (...points: TouchPoint[][]) => {
    reports.push(...points);
    report!();
    return drain(keypad).map(({ key, pressed }) => `${key} ${pressed ? "down" : "up"}`);
  };
  const finger = [{ id: 0, x: 10, y: 10 }];
  assert.equal(tell(finger, []), []);
  now = [{ key: "ENTER", x: 0, y: 0, width: 20, height: 20 }];
  assert.equal(tell(finger), ["ENTER down"]);
  now = [{ key: "CANCEL", x: 0, y: 0, width: 20, height: 20 }];
  assert.equal(tell([]), ["ENTER up"]);
  assert.equal(tell(finger, []), ["CANCEL down", "CANCEL up"]);
});

test("a glass that fails ends the keypad, once", () => {
  const { keypad, fail, errors, closed } = fake();
  fail();
  assert.is(errors(), 1);
  assert.is(closed(), 1);
  assert.throws(() => keypad.read());
});

test("options are checked before the glass is opened", () => {
  let opened = 0;
  const touch = () => {
    opened++;
    return { read: () => undefined, close() {} };
  };
  for (const wrong of [{ places: [] }, { onReadable: 1 }, { onError: 1 }, { touch: 1 }])
    assert.throws(() => new OnScreenKeys({ touch, places, ...(wrong as object) }));
  assert.is(opened, 0);
  assert.throws(
    () => keyField({ x: 0, y: 0, width: 300, height: 240 }),
    (error: unknown) => error instanceof RangeError,
  );
});

test.run();
