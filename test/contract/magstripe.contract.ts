import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { MagneticStripeCallbacks } from "../../hal/device.ts";
import type { MagneticStripe } from "../../hal/magstripe.ts";

/** A stripe reader with somebody who draws cards through it. */
export interface MagstripeStand {
  open(callbacks: MagneticStripeCallbacks): MagneticStripe;
  swipe(pass: { readonly track1?: string; readonly track2?: string; readonly damaged?: boolean }): void;
  run(milliseconds: number): Promise<void>;
  /** True while a callback is being delivered. */
  readonly delivering: () => boolean;
}

const TRACK1 = "B6228480012341117^LI/MEI^30122010000000000";
const TRACK2 = "6228480012341117=30122010000000000";

/** What every magnetic stripe reader must do. */
export function magstripeContract(name: string, make: () => MagstripeStand): void {
  const test = suite(`magnetic stripe: ${name}`);

  const stand = () => {
    const bench = make();
    const calls: { self: unknown; delivering: boolean }[] = [];
    const reader = bench.open({
      onReadable(this: unknown) {
        calls.push({ self: this, delivering: bench.delivering() });
      },
    });
    return { bench, reader, calls };
  };
  const text = (bytes: Uint8Array | undefined) => bytes && String.fromCharCode(...bytes);

  test("a swipe gives both tracks without sentinels, once", async () => {
    const { bench, reader, calls } = stand();
    assert.is(reader.read(), undefined);
    bench.swipe({ track1: TRACK1, track2: TRACK2 });
    await bench.run(1_000);
    assert.is(calls.length, 1);
    const swipe = reader.read();
    assert.is(text(swipe?.track1), TRACK1);
    assert.is(text(swipe?.track2), TRACK2);
    assert.is(swipe?.damaged, false);
    assert.is(reader.read(), undefined);
  });

  test("onReadable has the reader as this and comes while the firmware is idle", async () => {
    const { bench, reader, calls } = stand();
    bench.swipe({ track2: TRACK2 });
    assert.is(calls.length, 0);
    await bench.run(1_000);
    assert.equal(calls, [{ self: reader, delivering: true }]);
  });

  test("a card with track 2 alone has no track 1", async () => {
    const { bench, reader } = stand();
    bench.swipe({ track2: TRACK2 });
    await bench.run(1_000);
    const swipe = reader.read();
    assert.is(swipe?.track1, undefined);
    assert.is(text(swipe?.track2), TRACK2);
  });

  test("an unreadable stripe is announced as damaged, without tracks", async () => {
    const { bench, reader, calls } = stand();
    bench.swipe({ damaged: true });
    await bench.run(1_000);
    assert.is(calls.length, 1);
    assert.equal(reader.read(), { damaged: true });
  });

  test("a second card after the first is a second swipe", async () => {
    const { bench, reader } = stand();
    bench.swipe({ track2: TRACK2 });
    await bench.run(1_000);
    reader.read();
    bench.swipe({ track2: "5413330089020011=2512" });
    await bench.run(1_000);
    assert.is(text(reader.read()?.track2), "5413330089020011=2512");
  });

  test("a swipe that nobody reads gives way to the next", async () => {
    const { bench, reader } = stand();
    bench.swipe({ track2: TRACK2 });
    await bench.run(1_000);
    bench.swipe({ track2: "5413330089020011=2512" });
    await bench.run(1_000);
    assert.is(text(reader.read()?.track2), "5413330089020011=2512");
    assert.is(reader.read(), undefined);
  });

  test("close may be called twice, read throws afterwards and no callback comes", async () => {
    const { bench, reader, calls } = stand();
    bench.swipe({ track2: TRACK2 });
    reader.close();
    reader.close();
    assert.throws(() => reader.read());
    await bench.run(1_000);
    assert.is(calls.length, 0);
  });

  test("a reader can be opened again after close, and not while it is open", () => {
    const { bench, reader } = stand();
    assert.throws(() => bench.open({ onReadable() {} }));
    reader.close();
    bench.open({ onReadable() {} }).close();
  });

  test("options that cannot be are refused before anything is opened", () => {
    const bench = make();
    assert.throws(
      () => bench.open({ onReadable: 1 as unknown as () => void }),
      (error: unknown) => error instanceof TypeError,
    );
    bench.open({ onReadable() {} }).close();
  });

  test.run();
}
