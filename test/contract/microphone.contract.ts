import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Microphone } from "../../hal/microphone.ts";

/** A microphone under test with somebody who speaks. */
export interface MicrophoneRig {
  readonly microphone: Microphone;
  say(samples: Int16Array): void;
  run(milliseconds: number): Promise<void>;
  readonly calls: { readable: number; strangers: number; fromInside: number; errors: number };
}

/** What every microphone keeps. */
export function microphoneContract(name: string, make: () => MicrophoneRig): void {
  const test = suite(`microphone contract: ${name}`);
  const speech = Int16Array.from({ length: 4_000 }, (_, at) => ((at * 7_919) % 65_536) - 32_768);

  /** Reads for so many milliseconds as they come. */
  async function listen({ microphone, run }: MicrophoneRig, milliseconds: number): Promise<number[]> {
    const heard: number[] = [];
    for (let waited = 0; waited < milliseconds; waited += 10) {
      await run(10);
      for (let some = microphone.read(500); some !== undefined; some = microphone.read(500)) heard.push(...some);
    }
    return heard;
  }

  test("what is said after start is heard sample by sample", async () => {
    const rig = make();
    rig.microphone.start();
    rig.say(speech);
    const heard = await listen(rig, 500);
    assert.equal(heard.slice(0, speech.length), [...speech]);
    assert.ok(heard.slice(speech.length).every((sample) => sample === 0));
    assert.ok(rig.calls.readable > 1);
    assert.equal([rig.calls.strangers, rig.calls.fromInside, rig.calls.errors], [0, 0, 0]);
  });

  test("a quiet room is heard as quiet, as long as nobody speaks", async () => {
    const rig = make();
    rig.microphone.start();
    const heard = await listen(rig, 5_000);
    assert.ok(Math.abs(heard.length - 5 * rig.microphone.sampleRate) < rig.microphone.sampleRate / 10);
    assert.ok(heard.every((sample) => sample === 0));
    assert.is(rig.calls.errors, 0);
  });

  test("before start and after stop nothing is heard, and nothing of before is left after another start", async () => {
    const rig = make();
    rig.say(speech);
    assert.equal(await listen(rig, 200), []);
    rig.microphone.start();
    rig.microphone.start();
    await rig.run(100);
    rig.microphone.stop();
    rig.microphone.stop();
    assert.is(rig.microphone.read(100), undefined);
    assert.equal(await listen(rig, 200), []);
    rig.say(Int16Array.of(1, 2, 3));
    rig.microphone.start();
    assert.equal((await listen(rig, 200)).slice(0, 4), [1, 2, 3, 0]);
  });

  test("whoever does not read loses sound, not the microphone", async () => {
    const rig = make();
    rig.microphone.start();
    await rig.run(10_000);
    assert.is(rig.calls.errors, 0);
    rig.say(speech);
    const heard = await listen(rig, 1_000);
    assert.ok(heard.join().includes(speech.subarray(0, 100).join()));
  });

  test("a number of samples that cannot be is refused", () => {
    const { microphone } = make();
    for (const count of [0, -1, 0.5, 100_000])
      assert.throws(
        () => microphone.read(count),
        (error: unknown) => error instanceof RangeError,
      );
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const { microphone, run, calls } = make();
    microphone.start();
    microphone.close();
    microphone.close();
    for (const call of [() => microphone.start(), () => microphone.stop(), () => microphone.read(1)])
      assert.throws(call);
    await run(5_000);
    assert.equal([calls.readable, calls.errors], [0, 0]);
  });

  test.run();
}
