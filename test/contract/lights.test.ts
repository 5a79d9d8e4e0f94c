import { test } from "uvu";
import * as assert from "uvu/assert";
import { LedRow } from "../../hal/drivers/light/led-row.ts";
import { LampsChip } from "../../simulator/chips/lamps.ts";
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
    history: () =>
      lamps.history
        .slice(1)
        .map(({ at }, index) => [lamps.history[index]!.lit, at - lamps.history[index]!.at] as const),
  };
}

lightsContract("four LEDs on pins", make);

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
