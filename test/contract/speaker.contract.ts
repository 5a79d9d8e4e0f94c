import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Speaker } from "../../hal/speaker.ts";

/** A loudspeaker under test with an ear beside it. */
export interface SpeakerRig {
  readonly speaker: Speaker;
  run(milliseconds: number): Promise<void>;
  heard(): readonly number[];
  volume(): number;
  readonly calls: { writable: number; strangers: number; fromInside: number; errors: number };
}

/** What every loudspeaker keeps. */
export function speakerContract(name: string, make: () => SpeakerRig): void {
  const test = suite(`speaker contract: ${name}`);
  const clip = Int16Array.from({ length: 20_000 }, (_, at) => ((at * 7_919) % 65_535) - 32_767 || 1);

  async function ready(): Promise<SpeakerRig> {
    const rig = make();
    await rig.run(50);
    return rig;
  }

  async function writeAll({ speaker, run }: SpeakerRig, samples: Int16Array): Promise<void> {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + speaker.writable);
      if (part.length > 0) speaker.write(part);
      at += part.length;
      if (at < samples.length) await run(20);
    }
  }

  async function finish({ speaker, run }: SpeakerRig) {
    let ended: { readonly error: "silent" | undefined } | undefined;
    speaker.finish((error) => {
      ended = { error };
    });
    assert.is(ended, undefined);
    for (let waited = 0; ended === undefined && waited < 10_000; waited += 20) await run(20);
    return ended;
  }

  test("a clip of many times its buffer is heard whole, and finish comes when the last sample was", async () => {
    const rig = await ready();
    assert.ok(rig.speaker.writable > 0);
    await writeAll(rig, clip);
    assert.ok(rig.heard().length < clip.length);
    assert.equal(await finish(rig), { error: undefined });
    assert.equal([...rig.heard()], [...clip]);
    assert.ok(rig.calls.writable > 1);
    assert.equal([rig.calls.strangers, rig.calls.fromInside, rig.calls.errors], [0, 0, 0]);
  });

  test("finish without anything to play comes at once, later", async () => {
    assert.equal(await finish(await ready()), { error: undefined });
  });

  test("more than it takes is refused and nothing of it is heard", async () => {
    const rig = await ready();
    assert.throws(
      () => rig.speaker.write(new Int16Array(rig.speaker.writable + 1).fill(1)),
      (error: unknown) => error instanceof RangeError,
    );
    await rig.run(500);
    assert.equal(rig.heard(), []);
  });

  test("stop breaks off what is played, ends finish, and the next clip is heard alone", async () => {
    const rig = await ready();
    rig.speaker.write(clip.subarray(0, rig.speaker.writable));
    const ended = finish(rig);
    await rig.run(60);
    rig.speaker.stop();
    assert.equal(await ended, { error: undefined });
    const before = rig.heard().length;
    assert.ok(before > 0 && before < 2_400);
    await rig.run(500);
    assert.is(rig.heard().length, before);
    rig.speaker.write(Int16Array.of(5, 6, 7));
    await finish(rig);
    assert.equal(rig.heard().slice(before), [5, 6, 7]);
  });

  test("the volume is kept, also over stop; what is none is refused", async () => {
    const rig = await ready();
    rig.speaker.configure({ volume: 0.25 });
    rig.speaker.write(Int16Array.of(1));
    await finish(rig);
    assert.is(rig.volume(), 0.25);
    rig.speaker.stop();
    await rig.run(50);
    rig.speaker.write(Int16Array.of(1));
    await finish(rig);
    assert.is(rig.volume(), 0.25);
    for (const volume of [-0.1, 1.1, Number.NaN])
      assert.throws(
        () => rig.speaker.configure({ volume }),
        (error: unknown) => error instanceof RangeError,
      );
  });

  test("write after finish and finish inside finish throw", async () => {
    const rig = await ready();
    rig.speaker.write(Int16Array.of(1));
    rig.speaker.finish(() => undefined);
    assert.throws(() => rig.speaker.finish(() => undefined));
    assert.throws(() => rig.speaker.write(Int16Array.of(1)));
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const { speaker, run, calls } = await ready();
    const { writable } = calls;
    speaker.finish(() => assert.unreachable());
    speaker.close();
    speaker.close();
    for (const call of [
      () => speaker.writable,
      () => speaker.write(Int16Array.of(1)),
      () => speaker.configure({ volume: 1 }),
      () => speaker.finish(() => undefined),
      () => speaker.stop(),
    ])
      assert.throws(call);
    await run(5_000);
    assert.is(calls.writable, writable);
  });

  test.run();
}
