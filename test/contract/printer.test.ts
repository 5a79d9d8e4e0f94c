import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Pins } from "../../hal/boards/p1/pins.ts";
import { type EscPosOptions, EscPosPrinter } from "../../hal/drivers/printer/escpos.ts";
import { EscPosPrinterChip, type PrinterSettings } from "../../simulator/chips/escpos-printer.ts";
import { BYTES_PER_ROW, CUTTER_ROWS, Paper, WIDE_BYTES_PER_ROW } from "../../simulator/chips/paper.ts";
import { finish, pattern, printerContract, writeAll } from "./printer.contract.ts";
import { Bench } from "./pump.ts";

const { serial } = p1Pins.printer;

function options(bench: Bench): EscPosOptions {
  return { serial: { io: bench.io.Serial, ...serial }, clock: bench.clock, width: 384 };
}

interface Variety {
  readonly paperRows?: number;
  readonly bytesPerRow?: number;
  readonly model?: PrinterSettings;
  readonly driver?: Partial<EscPosOptions>;
}

function make({ paperRows, bytesPerRow = BYTES_PER_ROW, model, driver }: Variety = {}) {
  const bench = new Bench();
  const chip = new EscPosPrinterChip(bench.board, serial, new Paper(paperRows, bytesPerRow), model);
  const calls = { writable: 0, state: 0, strangers: 0, fromInside: 0, errors: 0 };
  const called = (self: unknown) => {
    if (self !== printer) calls.strangers++;
    if (!bench.delivering) calls.fromInside++;
  };
  const printer: EscPosPrinter = new EscPosPrinter({
    ...options(bench),
    width: bytesPerRow * 8,
    ...driver,
    onWritable(this: unknown) {
      calls.writable++;
      called(this);
    },
    onStateChange(this: unknown) {
      calls.state++;
      called(this);
    },
    onError(this: unknown) {
      calls.errors++;
      called(this);
    },
  });
  return {
    bench,
    chip,
    calls,
    printer,
    run: (milliseconds: number) => bench.run(milliseconds),
    pieces: () => chip.paper.pieces().map((piece) => piece.bits.slice(CUTTER_ROWS * bytesPerRow)),
    paper: (state: "in" | "out") => chip.setPaper(state),
    cover: (state: "open" | "closed") => chip.setCover(state),
    hot: (hot: boolean) => chip.setHot(hot),
  };
}

/** A printer whose busy line is not wired: only asking keeps its buffer from running over. */
const unwired: Variety = { model: { withoutFlowControl: true }, driver: { window: 2_048 } };
const wide: Variety = { bytesPerRow: WIDE_BYTES_PER_ROW };
/** The line brings rows faster than a slow printer prints them. */
const fastLine = { speed: 1, serial: { ...serial, io: undefined as never, baud: 921_600 } };

printerContract("ESC/POS on its model", make);
printerContract("ESC/POS, 80 mm", () => make(wide));
printerContract("ESC/POS without flow control", () => make(unwired));
printerContract("ESC/POS, 80 mm, at its highest speed", () => make({ ...wide, driver: { speed: 9 } }));

test("every byte the driver sends is a command the printer knows, and none is lost", async () => {
  const rig = make();
  await rig.run(100);
  await writeAll(rig, pattern(rig.printer, 500));
  rig.printer.feed(300);
  rig.printer.cut();
  await finish(rig);
  assert.is(rig.chip.protocolErrors, 0);
  assert.is(rig.chip.overruns, 0);
  assert.is(rig.bench.board.serialWire(serial.port).overruns, 0);
});

test("a roll that ends in the middle of a print stops it there and is told", async () => {
  const rig = make({ paperRows: CUTTER_ROWS + 100 });
  await rig.run(100);
  assert.is(rig.printer.state.paper, "low");
  const rows = pattern(rig.printer, 40 * 5);
  for (let at = 0; at < rows.length && rig.printer.state.online; ) {
    const count = Math.min(rig.printer.writable, 40) * BYTES_PER_ROW;
    if (count > 0) rig.printer.write(rows.subarray(at, at + count));
    at += count;
    await rig.run(50);
  }
  await rig.run(500);
  assert.is(rig.printer.state.paper, "out");
  const hanging = rig.chip.paper.hanging();
  assert.is(hanging.rows, CUTTER_ROWS + 100);
  assert.equal(hanging.bits.slice(CUTTER_ROWS * BYTES_PER_ROW), rows.slice(0, 100 * BYTES_PER_ROW));
});

test("a printer that is off is never writable, and finish says offline", async () => {
  const bench = new Bench();
  let writable = 0;
  const printer = new EscPosPrinter({ ...options(bench), onWritable: () => writable++ });
  await bench.run(5_000);
  assert.equal(await finish({ printer, run: (milliseconds) => bench.run(milliseconds) }), {
    error: "offline",
    state: undefined,
  });
  assert.is(writable, 0);
  assert.is(printer.state.online, false);
});

test("a printer that starts later than the terminal is found", async () => {
  const bench = new Bench();
  const printer = new EscPosPrinter(options(bench));
  await bench.run(5_000);
  new EscPosPrinterChip(bench.board, serial);
  await bench.run(5_000);
  assert.is(printer.state.online, true);
  assert.ok(printer.writable > 0);
});

test("a printer that falls silent in the middle ends finish with offline, and is found again", async () => {
  const rig = make();
  await rig.run(100);
  rig.printer.write(pattern(rig.printer, 10));
  const wire = rig.bench.board.serialWire(serial.port);
  wire.attach({ receive: () => undefined });
  assert.is((await finish(rig)).error, "offline");
  assert.is(rig.printer.state.online, false);
  assert.is(rig.printer.writable, 0);
  wire.attach(rig.chip);
  await rig.run(5_000);
  assert.is(rig.printer.state.online, true);
});

test("a stopped printer with full buffers still drops the old print when it goes on", async () => {
  const rig = make();
  await rig.run(100);
  const wire = rig.bench.board.serialWire(serial.port);
  rig.printer.write(pattern(rig.printer, 40));
  rig.chip.setPaper("out");
  // A printer that was filled up to the brim while it stood still: the port cannot send until there is paper.
  rig.chip.receive(new Uint8Array(4096));
  assert.is(rig.chip.accepting, false);
  await rig.run(10_000);
  rig.chip.setPaper("in");
  await rig.run(5_000);
  assert.is(rig.printer.state.online, true);
  const rows = pattern(rig.printer, 100);
  await writeAll(rig, rows);
  rig.printer.cut();
  assert.is((await finish(rig)).state?.online, true);
  assert.ok(Buffer.from(rig.pieces().at(-1)!).includes(Buffer.from(rows)));
  assert.is(wire.overruns, 0);
});

test("noise from the printer changes no state and completes nothing", async () => {
  const rig = make();
  await rig.run(100);
  const wire = rig.bench.board.serialWire(serial.port);
  wire.send(Uint8Array.of(0xff, 0x91, 0x13, 0x11, 0x12, 0x16, 0x37, 0xff, 0x80));
  wire.send(Uint8Array.of(0x10, 0x00, 0xff, 0x00));
  await rig.run(100);
  assert.equal(rig.printer.state, { online: true, paper: "present", cover: "closed", head: "normal" });
  assert.is(rig.calls.state, 1);
});

test("a power cut in a print leaves what was printed; the next start cuts off no second copy", async () => {
  const rig = make();
  await rig.run(100);
  await writeAll(rig, pattern(rig.printer, 200));
  rig.bench.board.cutPower();
  rig.printer.close();
  const rows = rig.chip.paper.hanging().rows;
  assert.is(rig.chip.busy, false);
  rig.bench.board.restorePower();
  const printer = new EscPosPrinter(options(rig.bench));
  await rig.run(1_000);
  assert.is(rig.chip.paper.hanging().rows, rows);
  assert.is(printer.state.online, true);
});

/** Milliseconds until so many empty rows are on paper. */
async function timeOf(rows: number, { bench, printer, run }: ReturnType<typeof make>): Promise<number> {
  printer.feed(rows);
  const start = bench.world.now;
  let end = 0;
  printer.finish(() => {
    end = bench.world.now;
  });
  await run(5_000);
  return end - start;
}

test("60 mm a second: 480 rows take a second on paper", async () => {
  const rig = make();
  await rig.run(100);
  const taken = await timeOf(480, rig);
  assert.ok(Math.abs(taken - 1_000) < 20);
});

/** Prints 2,000 rows on a slow printer at the end of a fast line. */
async function longPrint(variety: Variety) {
  const bench = new Bench();
  const { bytesPerRow = BYTES_PER_ROW } = variety;
  const chip = new EscPosPrinterChip(bench.board, serial, new Paper(undefined, bytesPerRow), variety.model);
  const printer = new EscPosPrinter({
    ...options(bench),
    width: bytesPerRow * 8,
    ...variety.driver,
    ...fastLine,
    serial: { ...fastLine.serial, io: bench.io.Serial },
  });
  const run = (milliseconds: number) => bench.run(milliseconds);
  await run(100);
  const rows = pattern(printer, 2_000);
  const started = bench.world.now;
  await writeAll({ printer, run }, rows);
  printer.cut();
  const { state } = await finish({ printer, run });
  const printed = chip.paper.pieces()[0]?.bits.slice(CUTTER_ROWS * bytesPerRow, (CUTTER_ROWS + 2_000) * bytesPerRow);
  return {
    chip,
    state,
    whole: printed !== undefined && Buffer.from(printed).equals(rows),
    took: bench.world.now - started,
  };
}

test("a slow printer at the end of a fast line gets every row: by its busy line, or by being asked where there is none", async () => {
  for (const variety of [{}, wide, unwired, { ...wide, ...unwired }]) {
    const { chip, state, whole } = await longPrint(variety);
    assert.is(chip.overruns, 0);
    assert.is(chip.protocolErrors, 0);
    assert.ok(whole);
    assert.is(state?.online, true);
  }
});

test("without a busy line and without asking the same print is lost in part: the model does not flatter", async () => {
  const { chip } = await longPrint({ model: { withoutFlowControl: true } });
  assert.ok(chip.overruns > 0);
});

test("asking costs no time: rows are never missed by a printer that could print them", async () => {
  const asked = await longPrint(unwired);
  const wired = await longPrint({});
  assert.ok(asked.took < wired.took * 1.1, `${asked.took} ms, ${wired.took} ms`);
});

test("a level of speed is the printer's, and again after it was off", async () => {
  for (const [speed, milliseconds] of [
    [1, 3_000],
    [3, 1_000],
    [9, 333],
  ] as const) {
    const rig = make({ driver: { speed } });
    for (const round of [1, 2]) {
      await rig.run(3_000);
      const taken = await timeOf(480, rig);
      assert.ok(Math.abs(taken - milliseconds) < 30, `level ${speed}, round ${round}: ${taken} ms`);
      rig.chip.setCover("open");
      await rig.run(100);
      rig.chip.setCover("closed");
    }
    assert.is(rig.chip.protocolErrors, 0);
  }
});

test("a lost answer does not let a print wait for ever: the printer is offline for a moment, and found again", async () => {
  const rig = make(unwired);
  await rig.run(100);
  const wire = rig.bench.board.serialWire(serial.port);
  const send = wire.send.bind(wire);
  let lost = 0;
  wire.send = (bytes) => {
    if (lost === 0 && bytes.length === 1 && bytes[0] === 0x00) lost++;
    else send(bytes);
  };
  const states: boolean[] = [];
  const rows = pattern(rig.printer, 1_000);
  for (let at = 0, waited = 0; at < rows.length && waited < 30_000 && rig.calls.state < 2; waited += 20) {
    const count = Math.min(rig.printer.writable, rows.length / BYTES_PER_ROW - at / BYTES_PER_ROW);
    if (count > 0) rig.printer.write(rows.subarray(at, at + count * BYTES_PER_ROW));
    at += count * BYTES_PER_ROW;
    await rig.run(20);
    states.push(rig.printer.state.online);
  }
  assert.is(lost, 1);
  const first = await finish(rig);
  await rig.run(15_000);
  assert.ok(first.state?.online !== true || states.includes(false));
  assert.is(rig.printer.state.online, true);
  await writeAll(rig, rows);
  rig.printer.cut();
  assert.is((await finish(rig)).state?.online, true);
  assert.ok(Buffer.from(rig.pieces().at(-1)!).includes(Buffer.from(rows)));
});

test("options are checked before the port is taken, and a port in use fails the constructor", () => {
  const bench = new Bench();
  const good = options(bench);
  for (const wrong of [
    { width: 383 },
    { speed: 0 },
    { speed: 10 },
    { window: 512 },
    { width: 0 },
    { serial: { ...good.serial, baud: 1 } },
    { serial: { ...good.serial, port: -1 } },
    { serial: { ...good.serial, io: undefined } },
    { onStateChange: 1 },
  ])
    assert.throws(() => new EscPosPrinter({ ...good, ...(wrong as object) }));
  assert.is(bench.board.open.size, 0);
  const first = new EscPosPrinter(good);
  assert.throws(() => new EscPosPrinter(good));
  assert.is(bench.board.open.size, 1);
  first.close();
  new EscPosPrinter(good).close();
  assert.is(bench.board.open.size, 0);
});

test.run();
