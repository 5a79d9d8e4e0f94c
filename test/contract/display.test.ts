import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Pins } from "../../hal/boards/p1/pins.ts";
import { DcsDisplay, type DcsDisplayOptions, type DcsPanel } from "../../hal/drivers/display/dcs-display.ts";
import { ili9341 } from "../../hal/drivers/display/ili9341.ts";
import { ili9342 } from "../../hal/drivers/display/ili9342.ts";
import { st7789, st7789Small } from "../../hal/drivers/display/st7789.ts";
import { st7796 } from "../../hal/drivers/display/st7796.ts";
import { DisplayWindow } from "../../hal/drivers/display/window.ts";
import type { DcsPanelChip } from "../../simulator/chips/dcs-panel.ts";
import { Ili9341Chip } from "../../simulator/chips/ili9341.ts";
import { Ili9342Chip } from "../../simulator/chips/ili9342.ts";
import { sitronixPanel } from "../../simulator/chips/sitronix-panels.ts";
import { displayContract, fill, isRangeError } from "./display.contract.ts";
import { Bench } from "./pump.ts";

const pins = p1Pins.display;

function options(bench: Bench, panel = ili9341): DcsDisplayOptions {
  const { SPI, Digital } = bench.io;
  return {
    panel,
    spi: { io: SPI, ...pins.spi },
    dataCommand: { io: Digital, pin: pins.dataCommand },
    reset: { io: Digital, pin: pins.reset },
    backlight: { io: Digital, pin: pins.backlight },
    clock: bench.clock,
  };
}

function make(panel: DcsPanel = ili9341, solder: (bench: Bench) => DcsPanelChip = ilitek) {
  const bench = new Bench();
  const chip = solder(bench);
  const display = new DcsDisplay(options(bench, panel));
  return {
    bench,
    chip,
    display,
    see: (x: number, y: number) => chip.pixels()[y * display.width + x]!,
    run: (milliseconds: number) => bench.run(milliseconds),
    protocolErrors: () => chip.protocolErrors,
  };
}

function ilitek(bench: Bench): DcsPanelChip {
  return new Ili9341Chip(bench.board, pins);
}

const others = {
  "ILI9342C on its model": () => make(ili9342, ({ board }) => new Ili9342Chip(board, pins)),
  "ST7789, 320 x 240, on its model": () => make(st7789, ({ board }) => sitronixPanel(board, pins, "st7789")),
  "ST7789, 240 x 135, on its model": () => make(st7789Small, ({ board }) => sitronixPanel(board, pins, "st7789Small")),
  "ST7796, 320 x 480, on its model": () => make(st7796, ({ board }) => sitronixPanel(board, pins, "st7796")),
};

displayContract("ILI9341 on its model", make);
for (const [name, rig] of Object.entries(others)) {
  displayContract(name, rig);

  test(`${name}: the driver knows the glass's size, and all four corners are where they are seen`, async () => {
    const { bench, chip, display, see } = rig();
    const [right, bottom] = [chip.width - 1, chip.height - 1];
    assert.equal([display.width, display.height], [chip.width, chip.height]);
    const corners = [
      [0, 0, 0xf800],
      [right, 0, 0x07e0],
      [0, bottom, 0x001f],
      [right, bottom, 0xffe0],
    ] as const;
    fill(display, { x: 0, y: 0, width: display.width, height: display.height }, 0xffff);
    for (const [x, y, colour] of corners) fill(display, { x, y, width: 1, height: 1 }, colour);
    await bench.run(200);
    for (const [x, y, colour] of corners) assert.is(see(x, y), colour);
    assert.is(chip.pixels().filter((pixel) => pixel !== 0xffff).length, 4);
    assert.is(chip.protocolErrors, 0);
  });
}

displayContract("a window of an ST7796", () => {
  const rig = others["ST7796, 320 x 480, on its model"]();
  const display = new DisplayWindow(rig.display, { x: 0, y: 240, width: 320, height: 240 });
  return { ...rig, display, see: (x: number, y: number) => rig.see(x, 240 + y) };
});

test("a window of a display touches nothing beside it, and must lie inside", async () => {
  const rig = make();
  fill(rig.display, { x: 0, y: 0, width: 320, height: 240 }, 0x0f0f);
  const display = new DisplayWindow(rig.display, { x: 100, y: 50, width: 40, height: 30 });
  fill(display, { x: 0, y: 0, width: 40, height: 30 }, 0xf0f0);
  await rig.run(200);
  const pixels = rig.chip.pixels();
  assert.is(pixels.filter((pixel) => pixel === 0xf0f0).length, 40 * 30);
  assert.equal([rig.see(100, 50), rig.see(139, 79)], [0xf0f0, 0xf0f0]);
  for (const area of [
    { x: -1, y: 0, width: 10, height: 10 },
    { x: 0, y: 0, width: 321, height: 10 },
    { x: 0, y: 200, width: 320, height: 41 },
    { x: 0, y: 0, width: 0, height: 10 },
  ])
    assert.throws(() => new DisplayWindow(rig.display, area), isRangeError);
});

test("a panel whose table is for other glass shows wrong colours and counts windows outside of the memory", async () => {
  const wrong = make(ili9341, ({ board }) => sitronixPanel(board, pins, "st7789"));
  fill(wrong.display, { x: 0, y: 0, width: 1, height: 1 }, 0xf800);
  await wrong.run(200);
  assert.not(wrong.chip.pixels().includes(0xf800));
  const large = make(st7796, ilitek);
  fill(large.display, { x: 0, y: 0, width: 320, height: 480 }, 0);
  assert.ok(large.chip.protocolErrors > 0);
});

test("the panel is 320 wide and 240 high, dark until it is awake", async () => {
  const { bench, chip, display } = make();
  assert.equal([display.width, display.height], [320, 240]);
  fill(display, { x: 0, y: 0, width: 320, height: 240 }, 0xffff);
  await bench.run(100);
  assert.is(chip.visible, false);
  assert.ok(chip.pixels().every((pixel) => pixel === 0));
  await bench.run(100);
  assert.ok(chip.pixels().every((pixel) => pixel === 0xffff));
});

test("a warm restart of a panel that is on breaks none of the datasheet's waiting times", async () => {
  const { bench, chip, display } = make();
  await bench.run(200);
  display.close();
  const again = new DcsDisplay(options(bench));
  fill(again, { x: 1, y: 1, width: 1, height: 1 }, 0x0f0f);
  await bench.run(200);
  assert.is(chip.pixels()[321], 0x0f0f);
  assert.is(chip.protocolErrors, 0);
});

test("a power cut blanks the panel and the next start lights it again", async () => {
  const { bench, chip } = make();
  await bench.run(200);
  bench.board.cutPower();
  assert.is(chip.visible, false);
  bench.board.restorePower();
  new DcsDisplay(options(bench));
  await bench.run(200);
  assert.is(chip.visible, true);
  assert.is(chip.protocolErrors, 0);
});

test("pixels go out in SPI writes of at most 4 KB, and a strip of the same columns sets no columns again", async () => {
  const bench = new Bench();
  const chip = new Ili9341Chip(bench.board, pins);
  const writes: number[] = [];
  class CountingSpi extends bench.io.SPI {
    override write(bytes: Uint8Array): void {
      writes.push(bytes.length);
      super.write(bytes);
    }
  }
  const display = new DcsDisplay({ ...options(bench), spi: { io: CountingSpi, ...pins.spi } });
  display.begin({ x: 0, y: 0, width: 320, height: 16 });
  writes.length = 0;
  display.send(new Uint8Array(320 * 16 * 2));
  display.end();
  assert.equal(writes, [4096, 4096, 2048]);
  writes.length = 0;
  display.begin({ x: 0, y: 16, width: 320, height: 16 });
  assert.equal(writes, [1, 4, 1]);
  assert.is(chip.protocolErrors, 0);
});

test("options are checked before any pin is taken", () => {
  const bench = new Bench();
  const good = options(bench);
  const bad: DcsDisplayOptions[] = [
    { ...good, spi: { ...good.spi, hz: 0 } },
    { ...good, panel: { ...ili9341, width: 0 } },
    { ...good, panel: { ...ili9341, top: -1 } },
    { ...good, panel: { ...ili9341, memoryAccess: 0x100 } },
    { ...good, reset: { ...good.reset, pin: -1 } },
    { ...good, backlight: { ...good.backlight, pin: 1.5 } },
  ];
  for (const wrong of bad) assert.throws(() => new DcsDisplay(wrong), isRangeError);
  assert.throws(() => new DcsDisplay({ ...good, dataCommand: { io: undefined as never, pin: 1 } }));
  assert.is(bench.board.open.size, 0);
});

test("a constructor that fails gives back every pin it took", () => {
  const bench = new Bench();
  class BrokenSpi extends bench.io.SPI {
    override write(): void {
      throw new Error("bus");
    }
  }
  assert.throws(() => new DcsDisplay({ ...options(bench), spi: { io: BrokenSpi, ...pins.spi } }), "bus");
  assert.is(bench.board.open.size, 0);
});

test("the model counts what the datasheet forbids: unknown commands, short parameters, commands too early, windows outside", () => {
  const bench = new Bench();
  const chip = new Ili9341Chip(bench.board, pins);
  const dataCommand = bench.board.digitalWire(pins.dataCommand);
  const say = (level: 0 | 1, ...bytes: number[]) => {
    dataCommand.drive(level);
    chip.transfer(Uint8Array.from(bytes));
  };
  const errors = (action: () => void) => {
    const before = chip.protocolErrors;
    action();
    return chip.protocolErrors - before;
  };
  assert.is(
    errors(() => say(0, 0xff)),
    1,
  );
  say(0, 0x2a);
  say(1, 0, 0);
  assert.is(
    errors(() => say(0, 0x00)),
    1,
  );
  say(0, 0x2a);
  assert.is(
    errors(() => say(1, 0, 0, 1, 0x3f)),
    1,
  );
  assert.is(
    errors(() => say(0, 0x2c)),
    1,
  ); // 18 bits a pixel until PIXSET says otherwise
  say(0, 0x01);
  assert.is(
    errors(() => say(0, 0x29)),
    1,
  );
});

test.run();
