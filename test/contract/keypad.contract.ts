import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KeyEvent, KeyName, Keypad } from "../../hal/keypad.ts";

/** A keypad under test with fingers on it. */
export interface KeypadRig {
  readonly keypad: Keypad;
  press(key: KeyName): void;
  release(key: KeyName): void;
  run(milliseconds: number): Promise<void>;
  /** Calls of `onReadable` so far, and whether each had the keypad as `this`. */
  readonly calls: { readable: number; strangers: number };
}

export type MakeKeypad = (onReadable?: (keypad: Keypad) => void) => KeypadRig;

const ALL: readonly KeyName[] = [
  ..."0123456789",
  ..."00 ENTER CANCEL CLEAR MENU UP DOWN F1 F2 F3 F4".split(" "),
] as KeyName[];

/** What every keypad keeps, whatever chip it has. */
export function keypadContract(name: string, make: MakeKeypad): void {
  const test = suite(`keypad contract: ${name}`);

  test("every key of the terminal is heard going down and up, in the order of the fingers", async () => {
    const rig = make();
    const heard: KeyEvent[] = [];
    for (const key of ALL) {
      rig.press(key);
      rig.release(key);
      await rig.run(5);
      heard.push(...drain(rig.keypad));
    }
    assert.equal(
      heard,
      ALL.flatMap((key) => [
        { key, pressed: true },
        { key, pressed: false },
      ]),
    );
  });

  test("nothing is readable until a key moves, and nothing after all is read", async () => {
    const rig = make();
    await rig.run(50);
    assert.is(rig.calls.readable, 0);
    assert.is(rig.keypad.read(), undefined);
    rig.press("1");
    await rig.run(5);
    assert.ok(rig.calls.readable > 0);
    assert.equal(drain(rig.keypad), [{ key: "1", pressed: true }]);
    assert.is(rig.keypad.read(), undefined);
  });

  test("onReadable has the keypad as this and never comes from inside a call", async () => {
    let inside = false;
    let fromInside = 0;
    const rig = make(() => {
      if (inside) fromInside++;
    });
    rig.press("1");
    await rig.run(5);
    inside = true;
    rig.keypad.read();
    rig.press("2");
    rig.keypad.read();
    inside = false;
    await rig.run(5);
    assert.is(fromInside, 0);
    assert.is(rig.calls.strangers, 0);
    assert.is(rig.calls.readable, 2);
  });

  test("keys that roll over each other keep their order", async () => {
    const rig = make();
    rig.press("1");
    rig.press("2");
    rig.release("1");
    rig.release("2");
    await rig.run(5);
    assert.equal(
      drain(rig.keypad).map(({ key, pressed }) => `${key}${pressed ? "down" : "up"}`),
      ["1down", "2down", "1up", "2up"],
    );
  });

  test("events wait when nobody reads, and the next key calls again", async () => {
    const rig = make();
    rig.press("1");
    await rig.run(5);
    rig.release("1");
    await rig.run(5);
    assert.is(rig.calls.readable, 2);
    assert.is(drain(rig.keypad).length, 2);
  });

  test("pressing a pressed key and releasing a free one mean nothing", async () => {
    const rig = make();
    rig.release("5");
    rig.press("5");
    rig.press("5");
    rig.release("5");
    rig.release("5");
    await rig.run(5);
    assert.is(drain(rig.keypad).length, 2);
  });

  test("close may be called twice, read then throws, and no callback comes", async () => {
    const rig = make();
    rig.press("1");
    rig.keypad.close();
    rig.keypad.close();
    assert.throws(() => rig.keypad.read());
    rig.press("2");
    await rig.run(50);
    assert.is(rig.calls.readable, 0);
  });

  test("a keypad may be closed in its own callback", async () => {
    const rig = make((keypad) => keypad.close());
    rig.press("1");
    await rig.run(5);
    rig.press("2");
    await rig.run(5);
    assert.is(rig.calls.readable, 1);
  });

  test.run();
}

export function drain(keypad: Keypad): KeyEvent[] {
  const events: KeyEvent[] = [];
  for (let event = keypad.read(); event !== undefined; event = keypad.read()) events.push(event);
  return events;
}
