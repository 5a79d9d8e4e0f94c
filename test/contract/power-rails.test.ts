import { test } from "uvu";
import * as assert from "uvu/assert";
import { Axp2101 } from "../../hal/drivers/power/axp2101.ts";
import { railNumber, railSwitches, setRails } from "../../hal/drivers/power/axp2101-rails.ts";
import { Axp2101Chip } from "../../simulator/chips/axp2101.ts";
import { Bench } from "./pump.ts";

const LIGHT = 40;

function stand() {
  const bench = new Bench();
  const wires = { bus: 1, address: 0x34, interrupt: 3, rails: { [railNumber.DLDO1]: LIGHT } };
  const chip = new Axp2101Chip(bench.board, wires, 50);
  return { bench, chip, bus: { io: bench.io.SMBus, bus: 1, address: 0x34 }, light: bench.board.digitalWire(LIGHT) };
}

test("regulators get their voltages and are on, but those that are to be off at first; others stay as they are", () => {
  const { bench, chip, bus, light } = stand();
  setRails({ bus, rails: { BLDO2: 1_200 } });
  setRails({ bus, rails: { ALDO1: 1_800, ALDO4: 3_500, DLDO1: 3_400 }, off: ["DLDO1"] });
  assert.equal(
    [railNumber.ALDO1, railNumber.ALDO2, railNumber.ALDO4, railNumber.BLDO2, railNumber.DLDO1].map((rail) =>
      chip.rail(rail),
    ),
    [1_800, 0, 3_500, 1_200, 0],
  );
  assert.is(light.level, 0);
  assert.is(chip.protocolErrors, 0);
  assert.is(bench.board.open.size, 0);
});

test("a regulator is never on at a voltage that was not asked for", () => {
  const { chip, bus } = stand();
  const seen: number[] = [];
  const own = chip.write.bind(chip);
  chip.write = (bytes) => {
    own(bytes);
    seen.push(chip.rail(railNumber.ALDO3));
  };
  setRails({ bus, rails: { ALDO3: 3_300 } });
  assert.equal(
    seen.filter((millivolts) => millivolts !== 0 && millivolts !== 3_300),
    [],
  );
  assert.is(chip.rail(railNumber.ALDO3), 3_300);
});

test("a regulator's switch is a pin: what it powers goes on and off, and the others do not", () => {
  const { chip, bus, light } = stand();
  setRails({ bus, rails: { ALDO2: 3_300, DLDO1: 3_300 }, off: ["DLDO1"] });
  const Switch = railSwitches(bus);
  const pin = new Switch({ pin: railNumber.DLDO1, mode: "output" });
  for (const level of [1, 0, 1] as const) {
    pin.write(level);
    assert.is(pin.read(), level);
    assert.is(light.level, level);
    assert.is(chip.rail(railNumber.ALDO2), 3_300);
  }
  pin.close();
  pin.close();
  assert.is(light.level, 1);
  assert.throws(() => pin.write(0));
  assert.throws(() => pin.read());
});

test("voltages and switches that there are not are refused before anything is set, and another chip is", () => {
  const { bench, chip, bus } = stand();
  const isRangeError = (error: unknown) => error instanceof RangeError;
  for (const rails of [
    { ALDO1: 400 },
    { ALDO1: 3_600 },
    { DLDO1: 3_500 },
    { BLDO1: 1_850 },
    { ALDO1: 1_800, ALDO2: 0 },
  ])
    assert.throws(() => setRails({ bus, rails }), isRangeError, JSON.stringify(rails));
  assert.is(chip.rail(railNumber.ALDO1), 0);
  const Switch = railSwitches(bus);
  assert.throws(() => new Switch({ pin: 6, mode: "output" }), isRangeError);
  assert.throws(() => new Switch({ pin: 7, mode: "input" }), isRangeError);
  chip.read = () => Uint8Array.of(0x40);
  assert.throws(() => setRails({ bus, rails: { ALDO1: 1_800 } }), /AXP2101/);
  assert.is(bench.board.open.size, 0);
});

test("a board that has not wired the interrupt learns of a cable within two seconds", async () => {
  const { bench, chip, bus } = stand();
  let changes = 0;
  const power = new Axp2101({
    bus,
    chargeCurrent: 200,
    chargeVoltage: 4_200,
    clock: bench.clock,
    onStateChange: () => changes++,
  });
  assert.is(power.state.external, false);
  chip.plug();
  await bench.run(2_100);
  assert.is(power.state.external, true);
  assert.is(changes, 1);
});

test.run();
