import { test } from "uvu";
import * as assert from "uvu/assert";
import { CardError } from "../../../firmware/emv/errors.ts";
import { type Happening, Peripherals } from "../../../firmware/terminal/peripherals/peripherals.ts";
import type { CardCompletion } from "../../../hal/chip.ts";
import type { FieldState } from "../../../hal/contactless.ts";
import type { Device } from "../../../hal/device.ts";
import type { KeyEvent, KeyName } from "../../../hal/keypad.ts";
import type { Swipe } from "../../../hal/magstripe.ts";
import { Timers } from "../../../hal/timers.ts";

/** Hardware at arm's length: the test presses, swipes and lets time pass. */
class Hands {
  readonly keys: KeyEvent[] = [];
  readonly swipes: Swipe[] = [];
  present = false;
  field: FieldState = "none";
  fieldOn = false;
  now = 0;
  pending: CardCompletion | undefined;
  readonly timers = new Timers();
  readonly peripherals: Peripherals;
  readonly #notices: Record<"keypad" | "stripe" | "chip" | "field", () => void> = {
    keypad: () => {},
    stripe: () => {},
    chip: () => {},
    field: () => {},
  };

  constructor() {
    this.peripherals = new Peripherals(this.#device());
  }

  press(...keys: KeyName[]): void {
    for (const key of keys) this.keys.push({ key, pressed: true }, { key, pressed: false });
    this.notify("keypad");
  }

  notify(who: "keypad" | "stripe" | "chip" | "field"): void {
    this.#notices[who]();
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    while (this.timers.fireNext(this.now)) {}
  }

  #device(): Pick<Device, "clock" | "keypad" | "magstripe" | "chip" | "contactless"> {
    const hands = this;
    const close = (): void => {};
    return {
      clock: {
        monotonic: () => hands.now,
        wall: () => hands.now,
        setTimer: (callback, milliseconds) => hands.timers.set(callback, milliseconds, hands.now),
        clearTimer: (id) => hands.timers.clear(id),
      },
      keypad: ({ onReadable }) => {
        hands.#notices.keypad = onReadable;
        return { read: () => hands.keys.shift(), close };
      },
      magstripe: ({ onReadable }) => {
        hands.#notices.stripe = onReadable;
        return { read: () => hands.swipes.shift(), close };
      },
      chip: ({ onStateChange }) => {
        hands.#notices.chip = onStateChange;
        return {
          get present() {
            return hands.present;
          },
          activate: (done) => {
            hands.pending = done;
          },
          transmit: (_command, done) => {
            hands.pending = done;
          },
          deactivate: () => {},
          close,
        };
      },
      contactless: ({ onStateChange }) => {
        hands.#notices.field = onStateChange;
        return {
          get state() {
            return hands.field;
          },
          start: () => {
            hands.fieldOn = true;
          },
          stop: () => {
            hands.fieldOn = false;
          },
          transmit: (_command, done) => {
            hands.pending = done;
          },
          release: () => {},
          close,
        };
      },
    };
  }
}

test("the first thing that happens wins, and the field is switched off when it was no tap", async () => {
  const hands = new Hands();
  const happening = hands.peripherals.wait({
    keys: true,
    swipe: true,
    chip: "inserted",
    contactless: "card",
    timeout: 50,
  });
  assert.ok(hands.fieldOn);
  hands.press("5");
  assert.equal(await happening, { kind: "key", key: "5" });
  assert.not(hands.fieldOn);
  assert.is(hands.timers.nextDeadline(), undefined, "its timer is gone");
});

test("a burst of keys is taken one wait after another, and none is lost", async () => {
  const hands = new Hands();
  const first = hands.peripherals.key();
  hands.press("1", "2", "3");
  assert.equal([await first, await hands.peripherals.key(), await hands.peripherals.key()], ["1", "2", "3"]);
});

test("a key that is pressed while nobody waits for keys is lost", async () => {
  const hands = new Hands();
  const waiting = hands.peripherals.wait({ chip: "inserted" });
  hands.press("ENTER");
  hands.present = true;
  hands.notify("chip");
  assert.equal(await waiting, { kind: "chipInserted" });
  const key = hands.peripherals.key(10);
  hands.pass(10);
  assert.is(await key, undefined);
});

test("a swipe that nobody wants is wiped at once", () => {
  const hands = new Hands();
  const track2 = Uint8Array.of(0x31, 0x32);
  hands.swipes.push({ track2, damaged: false });
  hands.notify("stripe");
  assert.equal(track2, new Uint8Array(2));
});

test("a card that is in already counts at once", async () => {
  const hands = new Hands();
  hands.present = true;
  assert.equal(await hands.peripherals.wait({ keys: true, chip: "inserted" }), { kind: "chipInserted" });
});

test("a chip that is pulled out ends a wait for keys", async () => {
  const hands = new Hands();
  hands.present = true;
  const waiting = hands.peripherals.wait({ keys: true, chip: "removed" });
  hands.present = false;
  hands.notify("chip");
  assert.equal(await waiting, { kind: "chipRemoved" });
});

for (const [state, kind] of [
  ["card", "tap"],
  ["collision", "collision"],
] as const) {
  test(`the field stays on after a ${kind}, until the flow is done with it`, async () => {
    const hands = new Hands();
    const waiting = hands.peripherals.wait({ contactless: "card", timeout: 100 });
    hands.field = state;
    hands.notify("field");
    assert.equal(await waiting, { kind } as Happening);
    assert.ok(hands.fieldOn);
    hands.peripherals.endContactless();
    assert.not(hands.fieldOn);
  });
}

test("time ends a wait", async () => {
  const hands = new Hands();
  const waiting = hands.peripherals.wait({ keys: true, timeout: 1000 });
  hands.pass(999);
  hands.pass(1);
  assert.equal(await waiting, { kind: "timeout" });
});

test("two flows cannot wait at once", () => {
  const hands = new Hands();
  void hands.peripherals.wait({ keys: true });
  assert.throws(() => hands.peripherals.wait({ keys: true }), /two flows/);
});

test("a card's answer resolves and its failure rejects with what went wrong", async () => {
  const hands = new Hands();
  hands.present = true;
  const good = hands.peripherals.chip!.transmit(new Uint8Array(4));
  await Promise.resolve();
  hands.pending?.(undefined, Uint8Array.of(0x90, 0x00));
  assert.equal(await good, Uint8Array.of(0x90, 0x00));
  const bad = hands.peripherals.chip!.transmit(new Uint8Array(4));
  await Promise.resolve();
  hands.pending?.("removed");
  assert.is(await problemOf(bad), "removed");
});

test("an empty reader is never talked to", async () => {
  const hands = new Hands();
  assert.is(await problemOf(hands.peripherals.chip!.activate()), "removed");
  assert.is(await problemOf(hands.peripherals.contactless!.transmit(new Uint8Array(4))), "removed");
  assert.is(hands.pending, undefined);
});

async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return error instanceof CardError ? error.problem : String(error);
  }
}

test.run();
