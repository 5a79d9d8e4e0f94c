import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ContactlessLights } from "../../hal/light.ts";

/** A row of lights under test with an eye on it. */
export interface LightsRig {
  readonly lights: ContactlessLights;
  run(milliseconds: number): Promise<void>;
  /** A character a light: `*` lit, `.` dark. */
  seen(): string;
  /** What was seen and for how many milliseconds, but for the last. */
  history(): readonly (readonly [lit: string, milliseconds: number])[];
}

/** What every row of lights keeps. */
export function lightsContract(name: string, make: () => LightsRig): void {
  const test = suite(`lights contract: ${name}`);

  test("a row that was told nothing is dark", async () => {
    const { run, seen } = make();
    await run(10_000);
    assert.is(seen(), "....");
  });

  test("idle is a short flash of the first light every five seconds", async () => {
    const { lights, run, history } = make();
    lights.show("idle");
    await run(10_100);
    assert.equal(history(), [
      ["*...", 200],
      ["....", 4_800],
      ["*...", 200],
      ["....", 4_800],
    ]);
  });

  test("ready is the first light alone, until another sign", async () => {
    const { lights, run, seen, history } = make();
    lights.show("ready");
    await run(60_000);
    assert.is(seen(), "*...");
    assert.equal(history(), []);
    lights.show("off");
    assert.is(seen(), "....");
  });

  test("read lights all four one after the other, keeps them for at least 750 ms and goes dark", async () => {
    const { lights, run, seen, history } = make();
    lights.show("ready");
    await run(100);
    lights.show("read");
    await run(5_000);
    assert.equal(
      history().map(([lit]) => lit),
      ["*...", "**..", "***.", "****"],
    );
    assert.ok(history().at(-1)![1] >= 750);
    assert.is(seen(), "....");
  });

  test("alert puts out what was lit, and a sign breaks off the one before", async () => {
    const { lights, run, seen } = make();
    lights.show("read");
    await run(300);
    assert.is(seen(), "***.");
    lights.show("alert");
    assert.is(seen(), "....");
    await run(5_000);
    assert.is(seen(), "....");
    lights.show("idle");
    lights.show("ready");
    await run(5_000);
    assert.is(seen(), "*...");
  });

  test("close leaves the row dark and may be called twice; show then throws", async () => {
    const { lights, run, seen } = make();
    lights.show("idle");
    lights.close();
    lights.close();
    assert.is(seen(), "....");
    assert.throws(() => lights.show("off"));
    await run(10_000);
    assert.is(seen(), "....");
  });

  test.run();
}
