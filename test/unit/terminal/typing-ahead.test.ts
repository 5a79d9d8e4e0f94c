import { test } from "uvu";
import * as assert from "uvu/assert";
import { Peripherals } from "../../../firmware/terminal/peripherals/peripherals.ts";
import { showResult } from "../../../firmware/terminal/results.ts";
import type { KeyEvent, KeyName } from "../../../hal/keypad.ts";
import { Timers } from "../../../hal/timers.ts";
import { Desk } from "./desk.ts";

/** A keypad and a clock, played. */
class Keys {
  readonly peripherals: Peripherals;
  readonly #timers = new Timers();
  readonly #events: KeyEvent[] = [];
  #now = 0;
  #notice = (): void => {};

  constructor() {
    this.peripherals = new Peripherals({
      clock: {
        monotonic: () => this.#now,
        wall: () => this.#now,
        setTimer: (callback, milliseconds) => this.#timers.set(callback, milliseconds, this.#now),
        clearTimer: (id) => this.#timers.clear(id),
      },
      keypad: ({ onReadable }) => {
        this.#notice = onReadable;
        return { read: () => this.#events.shift(), close: () => {} };
      },
    });
  }

  /** Presses a key after so many milliseconds. */
  press(key: KeyName, after: number): void {
    this.#now += after;
    while (this.#timers.fireNext(this.#now));
    this.#events.push({ key, pressed: true }, { key, pressed: false });
    this.#notice();
  }
}

test("of an amount typed while the terminal was busy not one digit counts", async () => {
  const keys = new Keys();
  keys.press("1", 1000);
  keys.press("2", 200);
  const waiting = keys.peripherals.key(10_000);
  keys.press("3", 200);
  keys.press("4", 200);
  keys.press("5", 700);
  assert.is(await waiting, "5");
});

test("a key that comes when it is wanted counts at once", async () => {
  const keys = new Keys();
  const waiting = keys.peripherals.key(10_000);
  keys.press("7", 10);
  assert.is(await waiting, "7");
});

test("a digit that dismisses a result begins no amount, ENTER does not hold anything up", async () => {
  const digit = new Desk({ events: ["5"] });
  await showResult(digit.services, { id: "card-unreadable" });
  assert.is(digit.typingDropped, 1);
  const enter = new Desk({ events: ["ENTER"] });
  await showResult(enter.services, { id: "card-unreadable" });
  assert.is(enter.typingDropped, 0);
});

test.run();
