import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Power, PowerState } from "../../hal/power.ts";

/** Battery and charger under test, with somebody who has the cable. */
export interface PowerRig {
  readonly power: Power;
  plug(): void;
  unplug(): void;
  /** Puts a battery of so many percent in, or changes what is in it. */
  setBattery(percent: number): void;
  removeBattery(): void;
  run(milliseconds: number): Promise<void>;
  /** The device has power. */
  isOn(): boolean;
  readonly calls: { changes: number; strangers: number; fromInside: number };
  breaches(): number;
}

/** A minute: whatever is noticed by looking now and then has been noticed. */
const LONG = 60_000;

/** What every battery and charger keeps, whatever chip it has. `make` gives a device without cable, with 50 % in its battery. */
export function powerContract(name: string, make: () => PowerRig): void {
  const test = suite(`power contract: ${name}`);
  const shown = ({ external, battery, charge, fault }: PowerState) => [external, battery, charge, fault];

  test("a device on its battery knows so, and how much is left", async () => {
    const { power, run, calls, breaches } = make();
    assert.equal(shown(power.state), [false, "discharging", 50, undefined]);
    await run(LONG);
    assert.is(calls.changes, 0);
    assert.is(breaches(), 0);
  });

  test("cable in, charge, full, cable out are told as they happen", async () => {
    const rig = make();
    const told: unknown[] = [];
    const step = async (action: () => void) => {
      const before = rig.calls.changes;
      action();
      await rig.run(100);
      told.push([rig.calls.changes - before, ...shown(rig.power.state)]);
    };
    await step(() => rig.plug());
    await step(() => rig.setBattery(51));
    await step(() => rig.setBattery(100));
    await step(() => rig.unplug());
    await step(() => rig.setBattery(99));
    assert.equal(told, [
      [1, true, "charging", 50, undefined],
      [1, true, "charging", 51, undefined],
      [1, true, "full", 100, undefined],
      [1, false, "discharging", 100, undefined],
      [1, false, "discharging", 99, undefined],
    ]);
    assert.is(rig.calls.strangers, 0);
    assert.is(rig.calls.fromInside, 0);
    assert.is(rig.breaches(), 0);
  });

  test("a battery that is taken out, and one that is put in, are told", async () => {
    const rig = make();
    rig.plug();
    await rig.run(100);
    rig.removeBattery();
    await rig.run(100);
    assert.equal(shown(rig.power.state), [true, "absent", undefined, undefined]);
    rig.setBattery(20);
    await rig.run(100);
    assert.equal(shown(rig.power.state), [true, "charging", 20, undefined]);
  });

  test("what changes and changes back before anybody looks leaves the state right", async () => {
    const rig = make();
    rig.plug();
    rig.unplug();
    await rig.run(LONG);
    assert.equal(shown(rig.power.state), [false, "discharging", 50, undefined]);
  });

  test("switchOff takes the power of a device on its battery", async () => {
    const rig = make();
    assert.ok(rig.isOn());
    rig.power.switchOff();
    await rig.run(100).catch(() => undefined);
    assert.not(rig.isOn());
  });

  test("close may be called twice, every other call then throws, and nothing is called back", async () => {
    const { power, plug, run, calls } = make();
    power.close();
    power.close();
    assert.throws(() => power.state);
    assert.throws(() => power.switchOff());
    plug();
    await run(LONG);
    assert.is(calls.changes, 0);
  });

  test.run();
}
