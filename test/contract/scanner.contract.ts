import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Scanner } from "../../hal/scanner.ts";

/** A scanner with somebody who holds codes before it. */
export interface ScannerStand {
  open(callbacks: { readonly onReadable: () => void; readonly onError?: () => void }): Scanner;
  show(code: string): void;
  takeAway(): void;
  run(milliseconds: number): Promise<void>;
  /** The lamp is on. */
  readonly lit: () => boolean;
  readonly breaches: () => number;
  readonly delivering: () => boolean;
}

/** A payment code of a wallet's length. */
export const CODE = "281234567890123456";
const NOTICE = 500;

/** What every scanner keeps, whatever module it is. */
export function scannerContract(name: string, make: () => ScannerStand): void {
  const test = suite(`scanner contract: ${name}`);

  const ready = async () => {
    const bench = make();
    const calls = { readable: 0, strangers: 0, fromInside: 0, errors: 0 };
    const scanner: Scanner = bench.open({
      onReadable(this: unknown) {
        calls.readable++;
        if (this !== scanner) calls.strangers++;
        if (!bench.delivering()) calls.fromInside++;
      },
      onError: () => {
        calls.errors++;
      },
    });
    await bench.run(NOTICE);
    return { bench, scanner, calls };
  };
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("utf8");

  test("a code that is held before it after start is read once", async () => {
    const { bench, scanner, calls } = await ready();
    scanner.start();
    await bench.run(NOTICE);
    assert.ok(bench.lit());
    bench.show(CODE);
    await bench.run(NOTICE);
    assert.equal(calls, { readable: 1, strangers: 0, fromInside: 0, errors: 0 });
    assert.is(text(scanner.read()), CODE);
    assert.is(scanner.read(), undefined);
    assert.not(bench.lit());
    await bench.run(NOTICE);
    assert.is(calls.readable, 1);
    assert.is(bench.breaches(), 0);
  });

  test("a code that lies there before start is read after it, and not before", async () => {
    const { bench, scanner, calls } = await ready();
    bench.show(CODE);
    await bench.run(NOTICE);
    assert.is(calls.readable, 0);
    scanner.start();
    await bench.run(NOTICE);
    assert.is(text(scanner.read()), CODE);
  });

  test("after a code it looks again when it is started again", async () => {
    const { bench, scanner } = await ready();
    for (const code of ["one", "two", "three"]) {
      scanner.start();
      bench.show(code);
      await bench.run(NOTICE);
      assert.is(text(scanner.read()), code);
      bench.takeAway();
    }
  });

  test("a long code of a merchant's QR and one of Chinese text come whole", async () => {
    for (const code of [`https://qr.95516.com/${"0123456789".repeat(40)}`, "老王牛肉面馆 ¥12.34"]) {
      const { bench, scanner } = await ready();
      scanner.start();
      bench.show(code);
      await bench.run(2_000);
      assert.is(text(scanner.read()), code);
    }
  });

  test("after stop nothing is read, and the lamp goes out", async () => {
    const { bench, scanner, calls } = await ready();
    scanner.start();
    await bench.run(NOTICE);
    scanner.stop();
    await bench.run(NOTICE);
    assert.not(bench.lit());
    bench.show(CODE);
    await bench.run(NOTICE);
    assert.is(calls.readable, 0);
    assert.is(scanner.read(), undefined);
  });

  test("start and stop may be called twice and follow each other at once; the last one counts", async () => {
    const { bench, scanner, calls } = await ready();
    scanner.start();
    scanner.start();
    scanner.stop();
    scanner.stop();
    scanner.start();
    scanner.stop();
    bench.show(CODE);
    await bench.run(NOTICE);
    assert.is(calls.readable, 0);
    scanner.start();
    scanner.stop();
    scanner.start();
    await bench.run(NOTICE);
    assert.is(calls.readable, 1);
    assert.is(bench.breaches(), 0);
  });

  test("it waits for a minute", async () => {
    const { bench, scanner } = await ready();
    scanner.start();
    await bench.run(60_000);
    assert.ok(bench.lit());
    bench.show(CODE);
    await bench.run(NOTICE);
    assert.is(text(scanner.read()), CODE);
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const { bench, scanner, calls } = await ready();
    scanner.start();
    bench.show(CODE);
    scanner.close();
    scanner.close();
    for (const call of [() => scanner.start(), () => scanner.stop(), () => scanner.read()]) assert.throws(call);
    await bench.run(NOTICE);
    assert.is(calls.readable, 0);
    assert.is(calls.errors, 0);
  });

  test.run();
}
