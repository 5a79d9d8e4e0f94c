import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Tamper } from "../../hal/tamper.ts";

/** A case under test with a hand on its lid. */
export interface TamperRig {
  /** Opens the device, as a start does. */
  start(onTamper?: (tamper: Tamper) => void): Tamper;
  open(): void;
  shut(): void;
  run(milliseconds: number): Promise<void>;
  delivering(): boolean;
}

/** What everything that watches over a case keeps. */
export function tamperContract(name: string, make: () => TamperRig): void {
  const test = suite(`tamper contract: ${name}`);

  test("a case that stays shut says nothing", async () => {
    const rig = make();
    let calls = 0;
    const tamper = rig.start(() => calls++);
    await rig.run(60_000);
    assert.is(calls, 0);
    assert.is(tamper.tampered, false);
  });

  test("an opening is told once, with the device as this and never from inside a call", async () => {
    const rig = make();
    const told: unknown[] = [];
    const tamper = rig.start((self) => {
      assert.ok(rig.delivering());
      told.push(self);
    });
    rig.open();
    assert.is(told.length, 0);
    await rig.run(1_000);
    assert.is(told.length, 1);
    assert.is(told[0], tamper);
    assert.is(tamper.tampered, true);
  });

  test("an opening that is over before anybody looks is not missed", async () => {
    const rig = make();
    let calls = 0;
    const tamper = rig.start(() => calls++);
    rig.open();
    rig.shut();
    await rig.run(1_000);
    assert.is(calls, 1);
    assert.is(tamper.tampered, true);
  });

  test("a case that was opened stays so when it is shut, and later openings are not told again", async () => {
    const rig = make();
    let calls = 0;
    const tamper = rig.start(() => calls++);
    for (let times = 0; times < 5; times++) {
      rig.open();
      await rig.run(100);
      rig.shut();
      await rig.run(100);
    }
    assert.is(calls, 1);
    assert.is(tamper.tampered, true);
  });

  test("a case that is open at the start is known at once and not called", async () => {
    const rig = make();
    rig.open();
    await rig.run(100);
    let calls = 0;
    const tamper = rig.start(() => calls++);
    assert.is(tamper.tampered, true);
    rig.shut();
    rig.open();
    await rig.run(1_000);
    assert.is(calls, 0);
    assert.is(tamper.tampered, true);
  });

  test("a case that was shut again before the start is not known to have been open", async () => {
    const rig = make();
    rig.open();
    await rig.run(100);
    rig.shut();
    await rig.run(100);
    assert.is(rig.start().tampered, false);
  });

  test("close may be called twice, tampered then throws, and no callback comes", async () => {
    const rig = make();
    let calls = 0;
    const tamper = rig.start(() => calls++);
    rig.open();
    tamper.close();
    tamper.close();
    rig.shut();
    rig.open();
    await rig.run(1_000);
    assert.is(calls, 0);
    assert.throws(() => tamper.tampered);
  });

  test("it may be closed in its own callback", async () => {
    const rig = make();
    let calls = 0;
    rig.start((tamper) => {
      calls++;
      tamper.close();
    });
    rig.open();
    await rig.run(1_000);
    assert.is(calls, 1);
  });

  test.run();
}
