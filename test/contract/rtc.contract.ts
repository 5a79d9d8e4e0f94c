import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RealTimeClock } from "../../hal/rtc.ts";

/** A real-time clock under test, its battery and the terminal's power. */
export interface RtcRig {
  /** Opens the clock, as a start does. */
  open(): RealTimeClock;
  run(milliseconds: number): Promise<void>;
  cutPower(): void;
  exchangeBattery(): void;
  weakenBattery(): void;
}

const DAY = 86_400_000;

/** What every real-time clock keeps, whatever chip it has. */
export function rtcContract(name: string, make: () => RtcRig): void {
  const test = suite(`real-time clock contract: ${name}`);

  const near = (is: number | undefined, wanted: number) =>
    assert.ok(
      is !== undefined && Math.abs(is - wanted) <= 1_000,
      `${is === undefined ? "no time" : new Date(is).toISOString()}`,
    );

  test("a clock that was never set does not know the time", async () => {
    const rig = make();
    const clock = rig.open();
    assert.is(clock.read(), undefined);
    await rig.run(DAY);
    assert.is(clock.read(), undefined);
  });

  for (const [from, days] of [
    ["2026-11-27T11:39:56Z", 1],
    ["2024-02-28T23:59:59Z", 2],
    ["2023-02-28T23:59:58Z", 1],
    ["2026-12-31T23:59:59Z", 400],
    ["2000-01-01T00:00:00Z", 60],
    ["2099-12-30T00:00:00Z", 1],
    ["2026-08-09T09:09:09Z", 0.5],
  ] as const) {
    test(`set to ${from} it shows the right time ${days} days later`, async () => {
      const rig = make();
      const clock = rig.open();
      const start = Date.parse(from);
      clock.write(start);
      assert.is(clock.read(), start);
      await rig.run(days * DAY);
      near(clock.read(), start + days * DAY);
    });
  }

  test("it runs on while the terminal is off", async () => {
    const rig = make();
    const start = Date.parse("2026-11-27T11:39:56Z");
    rig.open().write(start);
    await rig.run(1_000);
    rig.cutPower();
    await rig.run(DAY);
    near(rig.open().read(), start + DAY + 1_000);
  });

  test("a battery that was exchanged or has become weak is noticed, until the clock is set again", async () => {
    for (const trouble of ["exchangeBattery", "weakenBattery"] as const) {
      const rig = make();
      const clock = rig.open();
      const start = Date.parse("2026-11-27T11:39:56Z");
      clock.write(start);
      rig[trouble]();
      assert.is(clock.read(), undefined);
      await rig.run(5_000);
      assert.is(clock.read(), undefined);
      clock.write(start);
      assert.is(clock.read(), start);
    }
  });

  test("a time between two seconds is at most half a second wrong", async () => {
    for (const fraction of [0, 250, 499, 500, 750, 999]) {
      const rig = make();
      const clock = rig.open();
      const start = Date.parse("2026-11-27T11:39:56Z") + fraction;
      clock.write(start);
      const shown = clock.read()!;
      let passed = 0;
      while (clock.read() === shown) {
        await rig.run(10);
        passed += 10;
      }
      assert.ok(Math.abs(shown + 1_000 - (start + passed)) <= 520, `${fraction}: ${shown + 1_000 - (start + passed)}`);
    }
  });

  test("a time that cannot be shown is refused and leaves the clock as it was", () => {
    const rig = make();
    const clock = rig.open();
    const start = Date.parse("2026-11-27T11:39:56Z");
    clock.write(start);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 0, Date.parse("1999-12-31T23:59:59Z"), 1e15])
      assert.throws(
        () => clock.write(wrong),
        (error: unknown) => error instanceof RangeError,
      );
    assert.is(clock.read(), start);
  });

  test("close may be called twice, and every other call then throws", () => {
    const clock = make().open();
    clock.close();
    clock.close();
    assert.throws(() => clock.read());
    assert.throws(() => clock.write(0));
  });

  test.run();
}
