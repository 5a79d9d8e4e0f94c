import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DigitalConstructor, DigitalOptions } from "../../hal/io.ts";

/** A pin under test with a hand on its wire. */
export interface DigitalRig {
  readonly Digital: DigitalConstructor;
  readonly pin: number;
  run(milliseconds: number): Promise<void>;
  /** A chip drives the wire. */
  drive(level: 0 | 1): void;
  level(): 0 | 1;
  delivering(): boolean;
}

/** ECMA-419, 10.2: what every `Digital` keeps. */
export function digitalContract(name: string, make: () => DigitalRig): void {
  const test = suite(`digital contract: ${name}`);

  test("an output drives its wire and reads back its level", () => {
    const rig = make();
    const pin = new rig.Digital({ pin: rig.pin, mode: "output" });
    for (const level of [0, 1, 0] as const) {
      pin.write(level);
      assert.is(rig.level(), level);
      assert.is(pin.read(), level);
    }
  });

  test("an input reads its wire, is high by its pull-up, and cannot be written", () => {
    const rig = make();
    const pin = new rig.Digital({ pin: rig.pin, mode: "inputPullUp" });
    assert.is(pin.read(), 1);
    rig.drive(0);
    assert.is(pin.read(), 0);
    assert.throws(() => pin.write(1));
    assert.is(rig.level(), 0);
  });

  const edges: readonly [NonNullable<DigitalOptions["edge"]>, number][] = [
    ["falling", 2],
    ["rising", 1],
    ["both", 3],
  ];
  for (const [edge, expected] of edges) {
    test(`edge "${edge}" calls for those edges and no others`, async () => {
      const rig = make();
      let calls = 0;
      new rig.Digital({ pin: rig.pin, mode: "inputPullUp", edge, onReadable: () => calls++ });
      for (const level of [0, 0, 1, 0] as const) {
        rig.drive(level);
        await rig.run(1);
      }
      assert.is(calls, expected);
    });
  }

  test("edges in quick succession call at least once, after the last of them", async () => {
    const rig = make();
    const seen: number[] = [];
    const pin = new rig.Digital({
      pin: rig.pin,
      mode: "inputPullUp",
      edge: "both",
      onReadable: () => seen.push(pin.read()),
    });
    rig.drive(0);
    rig.drive(1);
    rig.drive(0);
    await rig.run(1);
    assert.is(seen.at(-1), 0);
  });

  test("onReadable has the pin as this and never comes from inside a call", async () => {
    const rig = make();
    let self: unknown;
    const pin: unknown = new rig.Digital({
      pin: rig.pin,
      mode: "inputPullUp",
      edge: "falling",
      onReadable(this: unknown) {
        assert.ok(rig.delivering());
        self = this;
      },
    });
    rig.drive(0);
    assert.is(self, undefined);
    await rig.run(1);
    assert.is(self, pin);
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const rig = make();
    let calls = 0;
    const pin = new rig.Digital({ pin: rig.pin, mode: "inputPullUp", edge: "both", onReadable: () => calls++ });
    rig.drive(0);
    pin.close();
    pin.close();
    rig.drive(1);
    await rig.run(1);
    assert.is(calls, 0);
    assert.throws(() => pin.read());
    assert.throws(() => pin.write(0));
  });

  test("a pin that makes no sense is refused", () => {
    const rig = make();
    assert.throws(() => new rig.Digital({ pin: 0.5, mode: "output" }));
  });

  test.run();
}
