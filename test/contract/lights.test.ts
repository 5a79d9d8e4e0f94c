import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import { LedRow } from "../../hal/drivers/light/led-row.ts";
import { LampsChip } from "../../simulator/chips/lamps.ts";
import { p1Chips } from "../../simulator/chips/p1.ts";
import { lightsContract } from "./lights.contract.ts";
import { Bench } from "./pump.ts";

const pins = [40, 41, 42, 43];

function make() {
  const bench = new Bench();
  const lamps = new LampsChip(bench.board, { pins });
  const lights = new LedRow({ io: bench.io.Digital, pins, clock: bench.clock });
  return {
    bench,
    lights,
    run: (milliseconds: number) => bench.run(milliseconds),
    seen: () => lamps.lit,
    history: () => historyOf(lamps),
  };
}

function historyOf({ history }: LampsChip) {
  return history.slice(1).map(({ at }, index) => [history[index]!.lit, at - history[index]!.at] as const);
}

lightsContract("four LEDs on pins", make);

lightsContract("four LEDs on the pins of an SC16IS752", () => {
  const bench = new Bench();
  const { lights: lamps, uarts } = p1Chips(bench.board);
  const lights = p1({ ...bench.io, clock: bench.clock, resource: () => new Uint8Array(0) }).lights!({});
  return {
    lights,
    run: (milliseconds: number) => bench.run(milliseconds),
    seen: () => {
      assert.is(uarts.protocolErrors, 0);
      return lamps.lit;
    },
    history: () => historyOf(lamps),
  };
});

test("an SC16IS752 that is not there is an error of the constructor; one that goes away leaves the lights to their fate", () => {
  const bench = new Bench();
  p1Chips(bench.board);
  const device = p1({ ...bench.io, clock: bench.clock, resource: () => new Uint8Array(0) });
  const lights = device.lights!({});
  bench.board.i2c.clear();
  lights.show("ready");
  lights.close();
  assert.throws(() => device.lights!({}), /acknowledge/);
});

test("idle is dark after ten minutes, and lives again when it is shown anew", async () => {
  const { lights, run, history } = make();
  lights.show("idle");
  await run(660_000);
  assert.is(history().length, 239);
  lights.show("idle");
  await run(1_000);
  assert.is(history().length, 241);
});

test("lights that are lit by a low pin show the same signs", () => {
  const bench = new Bench();
  const levels = () => pins.map((pin) => bench.board.digitalWire(pin).level).join("");
  const lights = new LedRow({ io: bench.io.Digital, pins, active: 0, clock: bench.clock });
  assert.is(levels(), "1111");
  lights.show("ready");
  assert.is(levels(), "0111");
  lights.close();
  assert.is(levels(), "1111");
});

test("options are checked before a pin is taken, and a pin that cannot be had gives back the others", () => {
  const bench = new Bench();
  const good = { io: bench.io.Digital, pins, clock: bench.clock };
  for (const wrong of [
    { pins: [1, 2, 3] },
    { pins: [1, 2, 3, 3] },
    { pins: [1, 2, 3, -4] },
    { io: undefined },
    { clock: {} },
  ])
    assert.throws(() => new LedRow({ ...good, ...(wrong as object) }));
  assert.is(bench.board.open.size, 0);
  class Broken extends bench.io.Digital {
    override write(): void {
      throw new Error("pin in use");
    }
  }
  assert.throws(() => new LedRow({ ...good, io: Broken }), "pin in use");
  assert.is(bench.board.open.size, 0);
});

test.run();
