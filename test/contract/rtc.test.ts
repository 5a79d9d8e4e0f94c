import { test } from "uvu";
import * as assert from "uvu/assert";
import { keptClock } from "../../hal/drivers/rtc/kept-clock.ts";
import { Pcf8563 } from "../../hal/drivers/rtc/pcf8563.ts";
import { Pcf8563Chip } from "../../simulator/chips/pcf8563.ts";
import { Bench } from "./pump.ts";
import { rtcContract } from "./rtc.contract.ts";

const wires = { bus: 0, address: 0x51 };

function make() {
  const bench = new Bench();
  const chip = new Pcf8563Chip(bench.board, wires);
  return {
    bench,
    chip,
    open() {
      bench.board.restorePower();
      return new Pcf8563({ bus: { io: bench.io.SMBus, ...wires } });
    },
    async run(milliseconds: number) {
      if (bench.board.powered) {
        await bench.run(milliseconds);
        return;
      }
      bench.world.after(milliseconds, () => bench.board.restorePower());
      await bench.world.withoutFirmware();
    },
    cutPower: () => bench.board.cutPower(),
    exchangeBattery: () => chip.exchangeBattery(),
    weakenBattery: () => chip.weakenBattery(),
  };
}

rtcContract("PCF8563 on its model", make);

test("what is no time is not taken for one", () => {
  const { bench, chip, open } = make();
  const clock = open();
  const good = [0x56, 0x39, 0x11, 0x27, 0x05, 0x11, 0x26];
  const show = (index: number, byte: number) => {
    chip.write(Uint8Array.of(0x02, ...good.map((value, place) => (place === index ? byte : value))));
    return clock.read();
  };
  assert.is(show(-1, 0), Date.parse("2026-11-27T11:39:56Z"));
  const wrong = [
    [0, 0x5a],
    [0, 0x60],
    [1, 0x60],
    [1, 0x7f],
    [2, 0x24],
    [2, 0x3f],
    [3, 0x00],
    [3, 0x31],
    [3, 0x3a],
    [5, 0x00],
    [5, 0x13],
    [5, 0x91],
    [6, 0xa0],
    [6, 0xff],
  ] as const;
  for (const [index, byte] of wrong) assert.is(show(index, byte), undefined, `${index}: ${byte.toString(16)}`);
  bench.board.i2c.set("0:81", { write: () => undefined, read: (length) => new Uint8Array(length).fill(0xff) });
  assert.is(clock.read(), undefined);
});

test("a chip that does not answer throws, and opening takes nothing that closing does not give back", () => {
  const bench = new Bench();
  const clock = new Pcf8563({ bus: { io: bench.io.SMBus, ...wires } });
  assert.throws(() => clock.read(), "no acknowledge");
  assert.throws(() => clock.write(Date.parse("2026-11-27T11:39:56Z")), "no acknowledge");
  clock.close();
  assert.is(bench.board.open.size, 0);
  assert.throws(() => new Pcf8563({ bus: { io: bench.io.SMBus, bus: 0, address: 0x80 } }));
  assert.throws(() => new Pcf8563({ bus: { io: undefined as never, ...wires } }));
  assert.is(bench.board.open.size, 0);
});

test("a board's clock takes its date from the chip, and its own where the chip has none", async () => {
  const { bench, open } = make();
  const chip = open();
  const start = Date.parse("2031-05-06T07:08:09Z");
  chip.write(start);
  await bench.run(10_000);
  const clock = keptClock(bench.clock, chip);
  const shown = chip.read()!;
  assert.is(clock.wall(), shown);
  let fired = false;
  clock.setTimer(() => {
    fired = true;
  }, 500);
  clock.clearTimer(clock.setTimer(() => assert.unreachable(), 400));
  await bench.run(1_234);
  assert.is(clock.wall(), shown + 1_234);
  assert.is(clock.monotonic(), bench.clock.monotonic());
  assert.ok(fired);
  const unset = new Pcf8563Chip(bench.board, { bus: 0, address: 0x52 });
  assert.ok(unset);
  for (const address of [0x52, 0x53]) {
    const other = keptClock(bench.clock, new Pcf8563({ bus: { io: bench.io.SMBus, bus: 0, address } }));
    assert.is(other.wall(), bench.clock.wall());
  }
});

test.run();
