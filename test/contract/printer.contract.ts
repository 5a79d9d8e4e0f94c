import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Printer, PrinterState } from "../../hal/printer.ts";

/** What is seen of a printer from outside. */
export interface PrinterRig {
  readonly printer: Printer;
  run(milliseconds: number): Promise<void>;
  /** Torn-off pieces, oldest first: rows of `width / 8` bytes, without the blank beginning up to the print head. */
  pieces(): readonly Uint8Array[];
  paper(state: "in" | "out"): void;
  cover(state: "open" | "closed"): void;
  hot(hot: boolean): void;
  readonly calls: { writable: number; state: number; strangers: number; fromInside: number };
}

export type MakePrinter = () => PrinterRig;

type Finished = { readonly error: "offline" | undefined; readonly state: PrinterState | undefined };

/** Milliseconds in which a printer has answered for the first time. */
const START = 100;
const LONG = 30_000;

/** What every printer keeps, whatever protocol it speaks. */
export function printerContract(name: string, make: MakePrinter): void {
  const test = suite(`printer contract: ${name}`);

  async function ready(): Promise<PrinterRig> {
    const rig = make();
    await rig.run(START);
    return rig;
  }

  test("a printer that has answered is online, closed, cool and has paper", async () => {
    const { printer, calls } = await ready();
    assert.equal(printer.state, { online: true, paper: "present", cover: "closed", head: "normal" });
    assert.ok(printer.writable > 0);
    assert.is(calls.writable, 1);
    assert.is(calls.state, 1);
  });

  test("before it has answered it is not online and takes nothing", () => {
    const { printer } = make();
    assert.is(printer.state.online, false);
    assert.is(printer.writable, 0);
    assert.throws(() => printer.write(new Uint8Array(printer.width / 8)), isRangeError);
  });

  test("rows come out dot by dot in their order, and the cut is below the last one", async () => {
    const rig = await ready();
    const rows = pattern(rig.printer, 20);
    rig.printer.write(rows);
    rig.printer.cut();
    const { error, state } = await finish(rig);
    assert.is(error, undefined);
    assert.is(state?.online, true);
    assert.equal(rig.pieces().length, 1);
    assert.equal(rig.pieces()[0]!.slice(0, rows.length), rows);
    assert.ok(
      rig
        .pieces()[0]!
        .slice(rows.length)
        .every((byte) => byte === 0),
    );
  });

  test("a print of many times the buffers' size arrives whole by minding writable", async () => {
    const rig = await ready();
    const rows = pattern(rig.printer, 1000);
    await writeAll(rig, rows);
    rig.printer.cut();
    await finish(rig);
    assert.equal(rig.pieces()[0]!.slice(0, rows.length), rows);
    assert.ok(rig.calls.writable > 1);
  });

  test("feeding moves the paper by exactly so many rows", async () => {
    const rig = await ready();
    const bytes = rig.printer.width / 8;
    const mark = new Uint8Array(bytes).fill(0xff);
    rig.printer.write(mark);
    rig.printer.feed(0);
    rig.printer.feed(700);
    rig.printer.write(mark);
    rig.printer.cut();
    await finish(rig);
    const piece = rig.pieces()[0]!;
    assert.ok(piece.slice(bytes, 701 * bytes).every((byte) => byte === 0));
    assert.equal(piece.slice(701 * bytes, 702 * bytes), mark);
    assert.throws(() => rig.printer.feed(-1), isRangeError);
    assert.throws(() => rig.printer.feed(0.5), isRangeError);
  });

  test("finish comes when the last row is on paper, not before", async () => {
    const rig = await ready();
    await writeAll(rig, pattern(rig.printer, 200));
    rig.printer.feed(200);
    rig.printer.cut();
    let finished = false;
    rig.printer.finish(() => {
      finished = true;
      assert.is(rig.pieces().length, 1);
    });
    assert.is(finished, false);
    await rig.run(LONG);
    assert.is(finished, true);
  });

  test("what is not whole rows, or more than writable, is refused and nothing of it is printed", async () => {
    const rig = await ready();
    const bytes = rig.printer.width / 8;
    assert.throws(() => rig.printer.write(new Uint8Array(0)), isRangeError);
    assert.throws(() => rig.printer.write(new Uint8Array(bytes + 1).fill(0xff)), isRangeError);
    const tooMany = new Uint8Array((rig.printer.writable + 1) * bytes).fill(0xff);
    assert.throws(() => rig.printer.write(tooMany), isRangeError);
    rig.printer.cut();
    await finish(rig);
    assert.ok(rig.pieces().every((piece) => piece.every((byte) => byte === 0)));
  });

  const stops: readonly [string, (rig: PrinterRig) => void, (rig: PrinterRig) => void, Partial<PrinterState>][] = [
    ["no paper", (rig) => rig.paper("out"), (rig) => rig.paper("in"), { paper: "out" }],
    ["an open cover", (rig) => rig.cover("open"), (rig) => rig.cover("closed"), { cover: "open" }],
    ["a hot head", (rig) => rig.hot(true), (rig) => rig.hot(false), { head: "hot" }],
  ];
  for (const [cause, stop, cure, expected] of stops) {
    test(`${cause} is told, takes nothing, and is told again when it is over`, async () => {
      const rig = await ready();
      stop(rig);
      await rig.run(START);
      assert.is(rig.calls.state, 2);
      assert.equal({ ...rig.printer.state, ...expected }, rig.printer.state);
      assert.is(rig.printer.state.online, false);
      assert.is(rig.printer.writable, 0);
      const { error, state } = await finish(rig);
      assert.is(error, undefined);
      assert.is(state?.online, false);
      const { writable } = rig.calls;
      cure(rig);
      await rig.run(START);
      assert.equal(rig.printer.state, { online: true, paper: "present", cover: "closed", head: "normal" });
      assert.is(rig.calls.writable, writable + 1);
    });

    test(`${cause} in the middle of a print ends finish, and the print can then be made again from its beginning`, async () => {
      const rig = await ready();
      const bytes = rig.printer.width / 8;
      const unprinted = new Uint8Array(bytes * 10).fill(0xf0);
      rig.printer.write(new Uint8Array(bytes * 10).fill(0x0f));
      rig.printer.feed(400);
      rig.printer.write(unprinted);
      rig.printer.cut();
      await rig.run(200);
      const ended = finish(rig);
      stop(rig);
      const { error, state } = await ended;
      assert.is(error, undefined);
      assert.equal({ ...state, ...expected }, state);
      assert.is(state?.online, false);
      cure(rig);
      await rig.run(1000);
      const again = pattern(rig.printer, 300);
      await writeAll(rig, again);
      rig.printer.cut();
      assert.is((await finish(rig)).state?.online, true);
      const last = rig.pieces().at(-1)!;
      assert.ok(contains(last, again), "the second print is whole");
      assert.not(contains(last, unprinted.subarray(0, bytes)), "the rest of the first was dropped");
    });

    test(`${cause} at the start is known as soon as the printer has answered`, async () => {
      const rig = make();
      stop(rig);
      await rig.run(START);
      assert.equal({ ...rig.printer.state, ...expected }, rig.printer.state);
      assert.is(rig.printer.state.online, false);
      cure(rig);
      await rig.run(START);
      assert.is(rig.printer.state.online, true);
      assert.ok(rig.printer.writable > 0);
    });
  }

  test("raster data that looks like real-time commands is printed and harms nothing", async () => {
    const rig = await ready();
    const bytes = rig.printer.width / 8;
    const rows = new Uint8Array(bytes * 20);
    for (let at = 0; at + 3 <= rows.length; at += 3) rows.set([0x10, 0x04, 1 + (at % 4)], at);
    rig.printer.write(rows);
    rig.printer.cut();
    const { state } = await finish(rig);
    assert.equal(state, { online: true, paper: "present", cover: "closed", head: "normal" });
    assert.equal(rig.pieces()[0]!.slice(0, rows.length), rows);
  });

  test("callbacks have the printer as this and never come from inside a call", async () => {
    const rig = await ready();
    await writeAll(rig, pattern(rig.printer, 300));
    rig.paper("out");
    await rig.run(START);
    rig.paper("in");
    await rig.run(START);
    assert.is(rig.calls.strangers, 0);
    assert.is(rig.calls.fromInside, 0);
  });

  test("finish inside finish throws", async () => {
    const rig = await ready();
    rig.printer.finish(() => undefined);
    assert.throws(() => rig.printer.finish(() => undefined));
    await rig.run(START);
    assert.is((await finish(rig)).error, undefined);
  });

  test("close may be called twice, every other call then throws, and no callback comes", async () => {
    const rig = await ready();
    const { printer, calls } = rig;
    let finished = false;
    printer.write(pattern(printer, 10));
    printer.finish(() => {
      finished = true;
    });
    printer.close();
    printer.close();
    assert.throws(() => printer.writable);
    assert.throws(() => printer.state);
    assert.throws(() => printer.write(pattern(printer, 1)));
    assert.throws(() => printer.feed(1));
    assert.throws(() => printer.cut());
    assert.throws(() => printer.finish(() => undefined));
    const before = { ...calls };
    rig.paper("out");
    await rig.run(LONG);
    assert.is(finished, false);
    assert.equal(calls, before);
  });

  test.run();
}

/** Rows of which no two neighbours are equal. */
export function pattern(printer: Printer, rows: number): Uint8Array {
  const bytes = printer.width / 8;
  return Uint8Array.from({ length: rows * bytes }, (_, at) => (at * 31 + Math.floor(at / bytes) * 7) & 0xff);
}

/** Writes rows as fast as the printer takes them. */
export async function writeAll(rig: Pick<PrinterRig, "printer" | "run">, rows: Uint8Array): Promise<void> {
  const bytes = rig.printer.width / 8;
  for (let at = 0; at < rows.length; ) {
    const count = Math.min(rig.printer.writable, (rows.length - at) / bytes);
    if (count > 0) rig.printer.write(rows.subarray(at, at + count * bytes));
    at += count * bytes;
    if (at < rows.length) await rig.run(20);
  }
}

export async function finish(rig: Pick<PrinterRig, "printer" | "run">): Promise<Finished> {
  let result: Finished | undefined;
  rig.printer.finish((error, state) => {
    result = { error, state };
  });
  for (let waited = 0; result === undefined && waited < LONG; waited += START) await rig.run(START);
  if (result === undefined) throw new Error("finish never came");
  return result;
}

function contains(whole: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(whole).includes(Buffer.from(part));
}

function isRangeError(error: unknown): boolean {
  return error instanceof RangeError;
}
