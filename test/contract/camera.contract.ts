import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Camera } from "../../hal/camera.ts";

/** A camera under test with something before its lens. */
export interface CameraRig {
  readonly camera: Camera;
  /** What there is to be seen: RGB565 at each place from 0 to 1. */
  show(scene: (x: number, y: number) => number): void;
  run(milliseconds: number): Promise<void>;
  readonly calls: { readable: number; strangers: number; fromInside: number; errors: number };
}

const NOTICE = 1_000;

/** What every camera keeps. */
export function cameraContract(name: string, make: () => CameraRig): void {
  const test = suite(`camera contract: ${name}`);
  const at = (pixels: Uint8Array, place: number) => pixels[2 * place]! | (pixels[2 * place + 1]! << 8);

  test("a picture shows what is before the lens, row by row", async () => {
    const { camera, show, run, calls } = make();
    show((x, y) => (x < 0.5 ? (y < 0.5 ? 0xf800 : 0x07e0) : 0x001f));
    camera.start();
    await run(NOTICE);
    const { width, height, pixels } = camera.read()!;
    assert.is(pixels.length, width * height * 2);
    assert.equal([at(pixels, 0), at(pixels, width - 1), at(pixels, width * (height - 1))], [0xf800, 0x001f, 0x07e0]);
    assert.equal([calls.strangers, calls.fromInside, calls.errors], [0, 0, 0]);
  });

  test("who reads late gets the newest picture, once, and is called once for it", async () => {
    const { camera, show, run, calls } = make();
    show(() => 1);
    camera.start();
    await run(NOTICE);
    show(() => 2);
    await run(NOTICE);
    assert.is(calls.readable, 1);
    assert.is(at(camera.read()!.pixels, 0), 2);
    assert.is(camera.read(), undefined);
    await run(NOTICE);
    assert.is(calls.readable, 2);
  });

  test("before start and after stop there is no picture, nor one of before after another start", async () => {
    const { camera, show, run, calls } = make();
    show(() => 1);
    await run(NOTICE);
    assert.is(camera.read(), undefined);
    camera.start();
    camera.start();
    await run(NOTICE);
    camera.stop();
    camera.stop();
    assert.is(camera.read(), undefined);
    const { readable } = calls;
    await run(60_000);
    assert.is(calls.readable, readable);
    assert.is(calls.errors, 0);
    show(() => 2);
    camera.start();
    await run(NOTICE);
    assert.is(at(camera.read()!.pixels, 0), 2);
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const { camera, run, calls } = make();
    camera.start();
    camera.close();
    camera.close();
    for (const call of [() => camera.start(), () => camera.stop(), () => camera.read()]) assert.throws(call);
    await run(10_000);
    assert.equal([calls.readable, calls.errors], [0, 0]);
  });

  test.run();
}
