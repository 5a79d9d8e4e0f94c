import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Axp2101, type Axp2101Options } from "../../hal/drivers/power/axp2101.ts";
import type { Power } from "../../hal/power.ts";
import { Axp2101Chip } from "../../simulator/chips/axp2101.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { powerContract } from "./power.contract.ts";
import { Bench } from "./pump.ts";

const wires = { bus: 0, address: 0x34, interrupt: 3 };

function options(bench: Bench): Axp2101Options {
  return {
    bus: { io: bench.io.SMBus, bus: wires.bus, address: wires.address },
    interrupt: { io: bench.io.Digital, pin: wires.interrupt },
    chargeCurrent: 500,
    chargeVoltage: 4_200,
    clock: bench.clock,
  };
}

function stand() {
  const bench = new Bench();
  const chip = new Axp2101Chip(bench.board, wires, 50);
  const calls = { changes: 0, strangers: 0, fromInside: 0, errors: 0 };
  const power: Power = new Axp2101({
    ...options(bench),
    onStateChange(this: unknown) {
      calls.changes++;
      if (this !== power) calls.strangers++;
      if (!bench.delivering) calls.fromInside++;
    },
    onError: () => {
      calls.errors++;
    },
  });
  return {
    bench,
    chip,
    power,
    calls,
    plug: () => chip.plug(),
    unplug: () => chip.unplug(),
    setBattery: (percent: number) => chip.setBattery(percent),
    removeBattery: () => chip.removeBattery(),
    run: (milliseconds: number) => bench.run(milliseconds),
    isOn: () => bench.board.powered,
    breaches: () => chip.protocolErrors,
  };
}

powerContract("AXP2101 on its model", stand);

const test = suite("AXP2101 and what goes wrong");

test("the charger is set to what the battery may be given, and to nothing that the data sheet does not have", () => {
  for (const [chargeCurrent, chargeVoltage] of [
    [25, 4_000],
    [200, 4_100],
    [300, 4_200],
    [1_000, 4_400],
  ] as const) {
    const bench = new Bench();
    const chip = new Axp2101Chip(bench.board, wires, 50);
    new Axp2101({ ...options(bench), chargeCurrent, chargeVoltage });
    assert.equal(chip.charger, { milliamperes: chargeCurrent, millivolts: chargeVoltage });
    assert.is(chip.protocolErrors, 0);
  }
});

test("a battery too hot or too cold and a hot charger are told, and that it is over", async () => {
  for (const [trouble, fault] of [
    ["workHot", "hot"],
    ["workCold", "cold"],
    ["chargerHot", "charger"],
  ] as const) {
    const { chip, power, run } = stand();
    chip.trouble(trouble);
    await run(100);
    assert.is(power.state.fault, fault);
    await run(60_000);
    assert.is(power.state.fault, fault);
    chip.trouble(undefined);
    await run(60_000);
    assert.is(power.state.fault, undefined);
  }
});

test("a gauge that shows more than there can be is not believed", async () => {
  const { chip, power, run } = stand();
  chip.setBattery(250);
  await run(100);
  assert.is(power.state.charge, undefined);
  assert.is(power.state.battery, "discharging");
});

test("an interrupt that was missed costs half a minute, not the change", async () => {
  const bench = new Bench();
  const chip = new Axp2101Chip(bench.board, wires, 50);
  class Deaf extends bench.io.Digital {
    override deliver(): void {}
  }
  const power = new Axp2101({ ...options(bench), interrupt: { io: Deaf, pin: wires.interrupt } });
  chip.plug();
  await bench.run(31_000);
  assert.ok(power.state.external);
});

test("a transfer that fails is tried again; a chip that never answers again ends in onError, once", async () => {
  const { bench, chip, plug, power, calls, run } = stand();
  const own = chip.read.bind(chip);
  let failures = 2;
  chip.read = (length) => {
    if (failures-- > 0) throw new Error("no acknowledge");
    return own(length);
  };
  plug();
  await run(1_000);
  assert.ok(power.state.external);
  assert.is(calls.errors, 0);
  failures = Number.POSITIVE_INFINITY;
  await run(60_000);
  assert.is(calls.errors, 1);
  assert.throws(() => power.state);
  assert.is(bench.board.open.size, 0);
});

test("a missing chip, or another one, fails the constructor, which gives everything back", () => {
  const bench = new Bench();
  assert.throws(() => new Axp2101(options(bench)), "no acknowledge");
  bench.board.i2c.set("0:52", { write: () => undefined, read: (length) => new Uint8Array(length).fill(0xff) });
  assert.throws(() => new Axp2101(options(bench)), "not an AXP2101");
  assert.is(bench.board.open.size, 0);
});

test("options are checked before anything is taken", () => {
  const bench = new Bench();
  new Axp2101Chip(bench.board, wires, 50);
  const good = options(bench);
  for (const wrong of [
    { chargeCurrent: 0 },
    { chargeCurrent: 30 },
    { chargeCurrent: 250 },
    { chargeCurrent: 1_100 },
    { chargeVoltage: 4_300 },
    { bus: { ...good.bus, address: 0x80 } },
    { interrupt: { ...good.interrupt, pin: -1 } },
    { clock: {} },
    { onStateChange: 1 },
  ])
    assert.throws(() => new Axp2101({ ...good, ...(wrong as object) }), undefined, JSON.stringify(wrong));
  assert.is(bench.board.open.size, 0);
});

test("whatever the chip answers, the state is one of those that there are", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const { chip, power, run, calls } = stand();
    chip.read = (length) => chance.bytes(length);
    for (let round = 0; round < 5; round++) {
      chip.plug();
      await run(31_000);
      const { battery, charge, fault } = power.state;
      assert.ok(["absent", "discharging", "charging", "full"].includes(battery));
      assert.ok(charge === undefined || (charge >= 0 && charge <= 100));
      assert.ok([undefined, "hot", "cold", "charger"].includes(fault));
    }
    assert.is(calls.errors, 0);
  }
});

test.run();
