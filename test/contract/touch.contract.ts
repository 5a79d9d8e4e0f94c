import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Touch, TouchPoint } from "../../hal/touch.ts";

/** A touch panel under test with fingers on it, in pixels of the display. */
export interface TouchRig {
  readonly touch: Touch;
  put(id: number, x: number, y: number): void;
  lift(id: number): void;
  run(milliseconds: number): Promise<void>;
  readonly calls: { readable: number; strangers: number; fromInside: number };
  /** Breaches of the chip's data sheet so far. */
  protocolErrors(): number;
}

export type MakeTouch = (onReadable?: (touch: Touch) => void) => TouchRig;

/** Milliseconds in which a panel has started. */
const START = 200;

/** What every touch panel keeps, whatever chip it has. */
export function touchContract(name: string, make: MakeTouch): void {
  const test = suite(`touch contract: ${name}`);

  const ready = async (onReadable?: (touch: Touch) => void) => {
    const rig = make(onReadable);
    await rig.run(START);
    return rig;
  };

  test("a finger is told landing, moving and leaving", async () => {
    const rig = await ready();
    const told: (readonly TouchPoint[])[] = [];
    rig.put(0, 0, 0);
    await rig.run(30);
    told.push(...drain(rig.touch));
    rig.put(0, 239, 319);
    await rig.run(30);
    told.push(...drain(rig.touch));
    rig.lift(0);
    await rig.run(30);
    told.push(...drain(rig.touch));
    assert.equal(told, [[{ id: 0, x: 0, y: 0 }], [{ id: 0, x: 239, y: 319 }], []]);
    assert.is(rig.protocolErrors(), 0);
  });

  test("nothing is readable without a finger, and a finger that lies still is told once", async () => {
    const rig = await ready();
    await rig.run(5_000);
    assert.is(rig.touch.read(), undefined);
    assert.is(rig.calls.readable, 0);
    rig.put(0, 10, 20);
    await rig.run(5_000);
    assert.is(rig.calls.readable, 1);
    assert.equal(drain(rig.touch), [[{ id: 0, x: 10, y: 20 }]]);
  });

  test("a tap shorter than the eye is told landing and leaving", async () => {
    const rig = await ready();
    rig.put(0, 10, 20);
    rig.lift(0);
    await rig.run(50);
    assert.equal(drain(rig.touch), [[{ id: 0, x: 10, y: 20 }], []]);
  });

  test("two fingers keep their numbers when the first one leaves", async () => {
    const rig = await ready();
    rig.put(0, 10, 20);
    await rig.run(30);
    rig.put(1, 200, 300);
    await rig.run(30);
    rig.lift(0);
    await rig.run(30);
    rig.lift(1);
    await rig.run(30);
    assert.equal(
      drain(rig.touch).map((points) => points.map((point) => point.id)),
      [[0], [0, 1], [1], []],
    );
  });

  test("nobody who reads late misses a landing or a leaving, and a way is told by its end", async () => {
    const rig = await ready();
    for (let tap = 0; tap < 5; tap++) {
      for (let step = 0; step <= 10; step++) {
        rig.put(0, 10 + step, 20 * tap);
        await rig.run(10);
      }
      rig.lift(0);
      await rig.run(30);
    }
    assert.equal(
      drain(rig.touch),
      [0, 1, 2, 3, 4].flatMap((tap) => [[{ id: 0, x: 20, y: 20 * tap }], []]),
    );
  });

  test("whoever never reads costs little, and the last state is not lost", async () => {
    const rig = await ready();
    for (let tap = 0; tap < 500; tap++) {
      rig.put(0, 10, 20);
      await rig.run(20);
      rig.lift(0);
      await rig.run(20);
    }
    const told = drain(rig.touch);
    assert.ok(told.length <= 40, String(told.length));
    assert.equal(told.at(-1), []);
  });

  test("onReadable has the panel as this and never comes from inside a call", async () => {
    const rig = await ready();
    rig.put(0, 1, 1);
    rig.touch.read();
    await rig.run(30);
    rig.lift(0);
    await rig.run(30);
    assert.is(rig.calls.readable, 2);
    assert.is(rig.calls.strangers, 0);
    assert.is(rig.calls.fromInside, 0);
  });

  test("close may be called twice, read then throws, and no callback comes", async () => {
    const rig = await ready();
    rig.put(0, 1, 1);
    rig.touch.close();
    rig.touch.close();
    assert.throws(() => rig.touch.read());
    rig.lift(0);
    await rig.run(1_000);
    assert.is(rig.calls.readable, 0);
  });

  test("it may be closed while it starts, and in its own callback", async () => {
    const early = make();
    early.touch.close();
    await early.run(START);
    const rig = await ready((touch) => touch.close());
    rig.put(0, 1, 1);
    await rig.run(1_000);
    assert.is(rig.calls.readable, 1);
  });

  test.run();
}

export function drain(touch: Touch): (readonly TouchPoint[])[] {
  const samples: (readonly TouchPoint[])[] = [];
  for (let points = touch.read(); points !== undefined; points = touch.read()) samples.push(points);
  return samples;
}
