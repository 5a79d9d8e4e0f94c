import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClockSource } from "../../hal/io.ts";

/** A clock, and a way to let time pass while the firmware is idle. */
export interface ClockRig {
  readonly clock: ClockSource;
  run(milliseconds: number): Promise<void>;
}

/** What every ground's clock and timers promise (hal/io.ts, ClockSource). */
export function clockContract(name: string, make: () => ClockRig): void {
  const test = suite(`clock: ${name}`);

  test("the monotonic clock and the clock on the wall go on together", async () => {
    const { clock, run } = make();
    const [monotonic, wall] = [clock.monotonic(), clock.wall()];
    await run(1500);
    assert.is(Math.round(clock.monotonic() - monotonic), 1500);
    assert.is(Math.round(clock.wall() - wall), 1500);
  });

  test("a timer fires once, not before its time, and never from inside the call that sets it", async () => {
    const { clock, run } = make();
    let fired = 0;
    let inside = true;
    clock.setTimer(() => {
      fired++;
      assert.not(inside);
    }, 100);
    clock.setTimer(() => assert.not(inside), 0);
    inside = false;
    await run(99);
    assert.is(fired, 0);
    await run(2);
    assert.is(fired, 1);
    await run(500);
    assert.is(fired, 1);
  });

  test("timers fire in the order of their time, then of their setting", async () => {
    const { clock, run } = make();
    const order: string[] = [];
    clock.setTimer(() => order.push("b"), 20);
    clock.setTimer(() => order.push("a"), 10);
    clock.setTimer(() => order.push("c"), 20);
    await run(50);
    assert.equal(order, ["a", "b", "c"]);
  });

  test("a cleared timer never fires, and clearing it twice or clearing nothing is allowed", async () => {
    const { clock, run } = make();
    let fired = 0;
    const id = clock.setTimer(() => fired++, 10);
    clock.clearTimer(id);
    clock.clearTimer(id);
    clock.clearTimer(9_999_999);
    await run(50);
    assert.is(fired, 0);
  });

  test("a timer may set and clear others", async () => {
    const { clock, run } = make();
    const order: string[] = [];
    const victim = clock.setTimer(() => order.push("victim"), 20);
    clock.setTimer(() => {
      clock.clearTimer(victim);
      clock.setTimer(() => order.push("child"), 5);
    }, 10);
    await run(50);
    assert.equal(order, ["child"]);
  });

  test.run();
}
