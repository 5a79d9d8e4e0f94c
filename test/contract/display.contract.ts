import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Display } from "../../hal/display.ts";

/** A display under test with an eye on its panel. */
export interface DisplayRig {
  readonly display: Display;
  /** RGB565 as the eye sees it. */
  see(x: number, y: number): number;
  /** Lets so many milliseconds pass. */
  run(milliseconds: number): Promise<void>;
  /** Breaches of the chip's datasheet so far. */
  protocolErrors(): number;
}

const WHOLE_START = 200;

/** What every display keeps, whatever chip it has. */
export function displayContract(name: string, make: () => DisplayRig): void {
  const test = suite(`display contract: ${name}`);

  test("what is drawn right after opening is seen once the panel is on", async () => {
    const rig = make();
    fill(rig.display, { x: 0, y: 0, width: rig.display.width, height: rig.display.height }, 0x1234);
    await rig.run(WHOLE_START);
    assert.is(rig.see(0, 0), 0x1234);
    assert.is(rig.see(rig.display.width - 1, rig.display.height - 1), 0x1234);
    assert.is(rig.protocolErrors(), 0);
  });

  test("a rectangle fills row by row from its top left corner and touches nothing else", async () => {
    const rig = make();
    fill(rig.display, { x: 0, y: 0, width: rig.display.width, height: rig.display.height }, 0);
    rig.display.begin({ x: 10, y: 20, width: 3, height: 2 });
    rig.display.send(Uint8Array.of(0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6));
    rig.display.end();
    await rig.run(WHOLE_START);
    const rows = [19, 20, 21, 22].map((y) => [9, 10, 11, 12, 13].map((x) => rig.see(x, y)));
    assert.equal(rows, [
      [0, 0, 0, 0, 0],
      [0, 1, 2, 3, 0],
      [0, 4, 5, 6, 0],
      [0, 0, 0, 0, 0],
    ]);
    assert.is(rig.protocolErrors(), 0);
  });

  test("pixels may come in pieces of any number of whole pixels", async () => {
    const rig = make();
    rig.display.begin({ x: 0, y: 0, width: 2, height: 2 });
    rig.display.send(Uint8Array.of(0, 1));
    rig.display.send(new Uint8Array(0));
    rig.display.send(Uint8Array.of(0, 2, 0, 3, 0, 4));
    rig.display.end();
    await rig.run(WHOLE_START);
    assert.equal([rig.see(0, 0), rig.see(1, 0), rig.see(0, 1), rig.see(1, 1)], [1, 2, 3, 4]);
    assert.is(rig.protocolErrors(), 0);
  });

  test("the same rectangle twice begins at its first pixel again, also when the first was left unfinished", async () => {
    const rig = make();
    const area = { x: 5, y: 5, width: 2, height: 1 };
    rig.display.begin(area);
    rig.display.send(Uint8Array.of(0, 7));
    rig.display.end();
    fill(rig.display, area, 0x0808);
    await rig.run(WHOLE_START);
    assert.equal([rig.see(5, 5), rig.see(6, 5)], [0x0808, 0x0808]);
    assert.is(rig.protocolErrors(), 0);
  });

  test("a rectangle that is open while the panel wakes up stays whole", async () => {
    const rig = make();
    rig.display.begin({ x: 0, y: 0, width: 2, height: 1 });
    rig.display.send(Uint8Array.of(0, 1));
    await rig.run(WHOLE_START);
    rig.display.send(Uint8Array.of(0, 2));
    rig.display.end();
    await rig.run(WHOLE_START);
    assert.equal([rig.see(0, 0), rig.see(1, 0)], [1, 2]);
    assert.is(rig.protocolErrors(), 0);
  });

  test("brightness 0 is dark and loses nothing", async () => {
    const rig = make();
    fill(rig.display, { x: 0, y: 0, width: 1, height: 1 }, 0xffff);
    await rig.run(WHOLE_START);
    rig.display.configure({ brightness: 0 });
    assert.is(rig.see(0, 0), 0);
    rig.display.configure({ brightness: 0.5 });
    assert.is(rig.see(0, 0), 0xffff);
    for (const brightness of [-0.1, 1.1, Number.NaN])
      assert.throws(() => rig.display.configure({ brightness }), isRangeError);
  });

  test("brightness 0 set before the panel is on holds", async () => {
    const rig = make();
    rig.display.configure({ brightness: 0 });
    fill(rig.display, { x: 0, y: 0, width: 1, height: 1 }, 0xffff);
    await rig.run(WHOLE_START);
    assert.is(rig.see(0, 0), 0);
  });

  test("a rectangle outside of the panel is refused and opens nothing", () => {
    const { display } = make();
    const { width, height } = display;
    const outside = [
      { x: -1, y: 0, width: 1, height: 1 },
      { x: 0, y: -1, width: 1, height: 1 },
      { x: 0, y: 0, width: width + 1, height: 1 },
      { x: 0, y: 0, width: 1, height: height + 1 },
      { x: width - 1, y: 0, width: 2, height: 1 },
      { x: 0, y: height, width: 1, height: 1 },
      { x: 0, y: 0, width: 0, height: 1 },
      { x: 0.5, y: 0, width: 1, height: 1 },
    ];
    for (const area of outside) assert.throws(() => display.begin(area), isRangeError);
    display.begin({ x: width - 1, y: height - 1, width: 1, height: 1 });
    display.end();
  });

  test("half a pixel or more pixels than the rectangle takes are refused, and nothing of them is shown", async () => {
    const rig = make();
    fill(rig.display, { x: 0, y: 0, width: 3, height: 1 }, 0);
    rig.display.begin({ x: 0, y: 0, width: 2, height: 1 });
    assert.throws(() => rig.display.send(Uint8Array.of(0, 1, 0)), isRangeError);
    assert.throws(() => rig.display.send(Uint8Array.of(0, 1, 0, 2, 0, 3)), isRangeError);
    rig.display.send(Uint8Array.of(0, 4, 0, 5));
    assert.throws(() => rig.display.send(Uint8Array.of(0, 6)), isRangeError);
    rig.display.end();
    await rig.run(WHOLE_START);
    assert.equal([rig.see(0, 0), rig.see(1, 0), rig.see(2, 0)], [4, 5, 0]);
  });

  test("begin inside begin, and send or end outside of it, throw", () => {
    const { display } = make();
    assert.throws(() => display.send(Uint8Array.of(0, 0)));
    assert.throws(() => display.end());
    display.begin({ x: 0, y: 0, width: 1, height: 1 });
    assert.throws(() => display.begin({ x: 0, y: 0, width: 1, height: 1 }));
    display.end();
    assert.throws(() => display.end());
  });

  test("close may be called twice, every other call then throws, and no timer comes late", async () => {
    const rig = make();
    rig.display.close();
    rig.display.close();
    assert.throws(() => rig.display.begin({ x: 0, y: 0, width: 1, height: 1 }));
    assert.throws(() => rig.display.send(new Uint8Array(2)));
    assert.throws(() => rig.display.end());
    assert.throws(() => rig.display.configure({ brightness: 1 }));
    await rig.run(WHOLE_START);
  });

  test.run();
}

export function fill(
  display: Display,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  colour: number,
): void {
  const row = new Uint8Array(area.width * 2);
  for (let at = 0; at < row.length; at += 2) row.set([colour >> 8, colour & 0xff], at);
  display.begin(area);
  for (let y = 0; y < area.height; y++) display.send(row);
  display.end();
}

export function isRangeError(error: unknown): boolean {
  return error instanceof RangeError;
}
