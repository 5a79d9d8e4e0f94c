import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Buzzer } from "../../hal/buzzer.ts";
import type { HeardTone } from "../../simulator/chips/piezo.ts";

/** A buzzer under test with an ear beside it. */
export interface BuzzerRig {
  readonly buzzer: Buzzer;
  run(milliseconds: number): Promise<void>;
  heard(): readonly HeardTone[];
}

/** What everything that beeps keeps. */
export function buzzerContract(name: string, make: () => BuzzerRig): void {
  const test = suite(`buzzer contract: ${name}`);
  const lengths = (tones: readonly HeardTone[]) => tones.map(({ hertz, from, until }) => [hertz, (until ?? -1) - from]);

  test("notes sound one after the other, as long as they should, with silence for a pause", async () => {
    const { buzzer, run, heard } = make();
    buzzer.play([
      { hertz: 750, milliseconds: 200 },
      { hertz: 0, milliseconds: 100 },
      { hertz: 1_500, milliseconds: 50 },
    ]);
    await run(1_000);
    assert.equal(lengths(heard()), [
      [750, 200],
      [1_500, 50],
    ]);
    assert.is(heard()[1]!.from - heard()[0]!.from, 300);
  });

  test("what is played anew takes the place of what sounds, and nothing makes it silent", async () => {
    const { buzzer, run, heard } = make();
    buzzer.play([{ hertz: 750, milliseconds: 5_000 }]);
    await run(100);
    buzzer.play([{ hertz: 1_000, milliseconds: 5_000 }]);
    await run(100);
    buzzer.play([]);
    await run(10_000);
    assert.equal(lengths(heard()), [
      [750, 100],
      [1_000, 100],
    ]);
  });

  test("notes that cannot be are refused and leave what sounds", async () => {
    const { buzzer, run, heard } = make();
    buzzer.play([{ hertz: 750, milliseconds: 200 }]);
    for (const wrong of [
      { hertz: 50, milliseconds: 100 },
      { hertz: 20_000, milliseconds: 100 },
      { hertz: Number.NaN, milliseconds: 100 },
      { hertz: 750, milliseconds: 0 },
      { hertz: 750, milliseconds: 5_001 },
    ])
      assert.throws(
        () => buzzer.play([wrong]),
        (error: unknown) => error instanceof RangeError,
      );
    assert.throws(() => buzzer.play(Array.from({ length: 33 }, () => ({ hertz: 750, milliseconds: 1 }))));
    await run(1_000);
    assert.equal(lengths(heard()), [[750, 200]]);
  });

  test("close makes it silent and may be called twice; play then throws", async () => {
    const { buzzer, run, heard } = make();
    buzzer.play([{ hertz: 750, milliseconds: 5_000 }]);
    await run(10);
    buzzer.close();
    buzzer.close();
    assert.throws(() => buzzer.play([]));
    await run(10_000);
    assert.equal(lengths(heard()), [[750, 10]]);
  });

  test.run();
}
