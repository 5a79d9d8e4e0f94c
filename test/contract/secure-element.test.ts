import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeAnswer, encodeCommand } from "../../hal/drivers/secure-element/atecc-packets.ts";
import { Atecc608 } from "../../hal/drivers/secure-element/atecc608.ts";
import { Atecc608Chip } from "../../simulator/chips/atecc608.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { Bench } from "./pump.ts";
import { outcome, secureElementContract } from "./secure-element.contract.ts";

const wires = { bus: 0, address: 0x60 };

function stand(settings: { readonly keySlot?: number } = { keySlot: 0 }) {
  const bench = new Bench();
  const chip = new Atecc608Chip(bench.board, wires, settings);
  const element = new Atecc608({ i2c: { io: bench.io.I2C, ...wires }, keySlot: 0, clock: bench.clock });
  const rig = {
    element,
    run: (milliseconds: number) => bench.run(milliseconds),
    breaches: () => chip.protocolErrors,
    delivering: () => bench.delivering,
  };
  /** Changes what the element is heard to say: the n-th reading that it acknowledges. */
  const spoil = (change: (bytes: Uint8Array, reading: number) => Uint8Array) => {
    const own = chip.read.bind(chip);
    let reading = 0;
    chip.read = (length) => change(own(length), reading++);
  };
  return { ...rig, bench, chip, rig, spoil };
}

secureElementContract("ATECC608 on its model", stand);

const test = suite("ATECC608 and what goes wrong");

test("the answer to waking and its CRC are those of the data sheet", () => {
  assert.equal(decodeAnswer(Uint8Array.of(0x04, 0x11, 0x33, 0x43), 0), { kind: "status", status: 0x11 });
  assert.equal(decodeAnswer(Uint8Array.of(0x04, 0x00, 0x03, 0x40), 0), { kind: "status", status: 0x00 });
});

test("a command with a CRC is what the model takes, and what it does not take when a bit is wrong", () => {
  const packet = encodeCommand({ code: 0x30, mode: 0, parameter: 0, answerLength: 4, time: 5 });
  assert.equal([...packet], [0x03, 0x07, 0x30, 0x00, 0x00, 0x00, 0x03, 0x5d]);
});

test("an element that is not there, or falls silent, is silent", async () => {
  const bench = new Bench();
  const element = new Atecc608({ i2c: { io: bench.io.I2C, ...wires }, keySlot: 0, clock: bench.clock });
  const rig = { run: (milliseconds: number) => bench.run(milliseconds), delivering: () => bench.delivering };
  assert.is((await outcome(rig, (done) => element.random(done))).error, "silent");
  const other = stand();
  const own = other.chip.read.bind(other.chip);
  let readings = 0;
  other.chip.read = (length) => {
    if (readings++ > 0) throw new Error("no acknowledge");
    return own(length);
  };
  assert.is((await outcome(other.rig, (done) => other.element.random(done))).error, "silent");
});

test("an answer that is damaged once is read again, and the counter has gone up once", async () => {
  for (const change of [
    (bytes: Uint8Array) => bytes.map((byte, index) => (index === 2 ? byte ^ 1 : byte)),
    (bytes: Uint8Array) => bytes.map(() => 0xff),
    (bytes: Uint8Array) => bytes.slice(0, 3),
  ]) {
    const { rig, element, chip, spoil } = stand();
    spoil((bytes, reading) => (reading === 1 ? change(bytes) : bytes));
    assert.is((await outcome<number>(rig, (done) => element.increment(0, done))).value, 1);
    assert.is(chip.counters[0], 1);
  }
});

test("answers that are always damaged end as damaged, and the counter has gone up once at most", async () => {
  const { rig, element, chip, spoil } = stand();
  spoil((bytes, reading) => (reading > 0 ? bytes.map((byte, index) => (index === 1 ? byte ^ 4 : byte)) : bytes));
  assert.is((await outcome(rig, (done) => element.increment(0, done))).error, "damaged");
  assert.is(chip.counters[0], 1);
});

test("a command that the element did not hear is given again", async () => {
  const { rig, element, chip } = stand();
  const own = chip.write.bind(chip);
  let commands = 0;
  chip.write = (bytes) => {
    if (bytes[0] === 0x03 && commands++ < 2) own(bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte)));
    else own(bytes);
  };
  assert.is((await outcome<number>(rig, (done) => element.increment(0, done))).value, 1);
  assert.is(commands, 3);
});

test("a line on which no command arrives whole ends as damaged, and nothing was done", async () => {
  const { rig, element, chip } = stand();
  const own = chip.write.bind(chip);
  chip.write = (bytes) => own(bytes[0] === 0x03 ? bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte)) : bytes);
  assert.is((await outcome(rig, (done) => element.increment(0, done))).error, "damaged");
  assert.is(chip.counters[0], 0);
});

test("a slot without a key, and a counter at its end, are refused", async () => {
  const { rig, element, chip } = stand({});
  assert.is((await outcome(rig, (done) => element.publicKey(done))).error, "refused");
  assert.is((await outcome(rig, (done) => element.sign(new Uint8Array(32), done))).error, "refused");
  chip.counters[0] = 2_097_151;
  assert.is((await outcome(rig, (done) => element.increment(0, done))).error, "refused");
  assert.is((await outcome<number>(rig, (done) => element.count(0, done))).value, 2_097_151);
});

test("an element that somebody else has left awake is woken all the same", async () => {
  const { rig, element, chip, bench } = stand();
  try {
    bench.board.i2c.get("0:0")!.write(new Uint8Array(1));
  } catch {
    // nobody acknowledges
  }
  await bench.run(2);
  chip.read(4);
  assert.is((await outcome<number>(rig, (done) => element.count(0, done))).value, 0);
});

test("the power may go in the middle of an operation, and the next start works", async () => {
  const { element, chip, bench } = stand();
  element.increment(0, () => assert.unreachable());
  await bench.run(8);
  bench.board.cutPower();
  element.close();
  bench.board.restorePower();
  const again = new Atecc608({ i2c: { io: bench.io.I2C, ...wires }, keySlot: 0, clock: bench.clock });
  const rig = { run: (milliseconds: number) => bench.run(milliseconds), delivering: () => bench.delivering };
  assert.is((await outcome<number>(rig, (done) => again.count(0, done))).value, chip.counters[0]);
});

test("whatever the element says, an operation ends once", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const { rig, element, spoil } = stand();
    spoil((bytes) => {
      if (chance.below(8) === 0) throw new Error("no acknowledge");
      const spoilt = bytes.slice(0, chance.below(6) === 0 ? chance.below(bytes.length) : bytes.length);
      for (let flips = chance.below(2); flips > 0 && spoilt.length > 0; flips--)
        spoilt[chance.below(spoilt.length)] = chance.below(256);
      return spoilt;
    });
    for (let round = 0; round < 4; round++) await outcome(rig, (done) => element.increment(0, done));
    await outcome(rig, (done) => element.identify(done));
  }
});

test("options are checked before the bus is taken", () => {
  const bench = new Bench();
  const good = { i2c: { io: bench.io.I2C, ...wires }, keySlot: 0, clock: bench.clock };
  for (const wrong of [
    { i2c: { ...good.i2c, address: 0 } },
    { i2c: { ...good.i2c, io: undefined } },
    { keySlot: 16 },
    { clock: {} },
  ])
    assert.throws(() => new Atecc608({ ...good, ...(wrong as object) }));
  assert.is(bench.board.open.size, 0);
  new Atecc608(good).close();
  assert.is(bench.board.open.size, 0);
});

test.run();
