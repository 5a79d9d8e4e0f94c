import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Pn532 } from "../../hal/drivers/contactless/pn532.ts";
import type { DigitalConstructor } from "../../hal/io.ts";
import { type CardPort, contactlessPort } from "../../simulator/chips/card-port.ts";
import { Field } from "../../simulator/chips/field.ts";
import { Pn532Chip } from "../../simulator/chips/pn532.ts";
import { answerFrame, commandOf, SYNTAX_ERROR } from "../../simulator/chips/pn532-frames.ts";
import type { I2cPeer } from "../../simulator/io/board.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { COMMAND, echoCard, LONG } from "./chip.contract.ts";
import { contactlessContract } from "./contactless.contract.ts";
import { contractStand, startedBefore } from "./contactless-stand.ts";
import { Bench } from "./pump.ts";

const wires = { bus: 0, address: 0x24, interrupt: 5 };

function open(bench: Bench, callbacks: object = {}, Digital: DigitalConstructor = bench.io.Digital): Pn532 {
  return new Pn532({
    i2c: { io: bench.io.I2C, bus: wires.bus, address: wires.address, hz: 400_000 },
    interrupt: { io: Digital, pin: wires.interrupt },
    clock: bench.clock,
    ...callbacks,
  });
}

contactlessContract("PN532 on its chip model", () => {
  const bench = new Bench();
  const field = new Field();
  const chip = new Pn532Chip(bench.board, wires, field);
  return contractStand(bench, field, chip, (callbacks) => open(bench, callbacks));
});

const test = suite("PN532 and a chip that misbehaves");

type Spoil = (command: number, frame: Uint8Array) => Uint8Array | undefined;

/** Stands between the bus and the chip model and spoils what it answers. */
class Spoiled implements I2cPeer {
  readonly #chip: I2cPeer;
  readonly commands: number[] = [];
  spoil: Spoil = (_, frame) => frame;
  writes = 0;
  reads = 0;

  constructor(chip: I2cPeer) {
    this.#chip = chip;
  }

  write(bytes: Uint8Array): void {
    this.writes++;
    const command = commandOf(bytes);
    if (command !== undefined) this.commands.push(command[0]!);
    this.#chip.write(bytes);
  }

  read(byteLength: number): Uint8Array {
    this.reads++;
    const bytes = this.#chip.read(byteLength);
    const spoiled = byteLength > 7 ? this.spoil(this.commands.at(-1) ?? 0, bytes.slice(1)) : bytes.slice(1);
    return Uint8Array.of(spoiled === undefined ? 0 : bytes[0]!, ...(spoiled ?? bytes.slice(1))).slice(0, byteLength);
  }
}

async function stand(cards: readonly CardPort[] = []) {
  const bench = new Bench();
  const field = new Field();
  const chip = new Spoiled(new Pn532Chip(bench.board, wires, field));
  bench.board.i2c.set(`${wires.bus}:${wires.address}`, chip);
  const started = await startedBefore(cards, bench, field, (callbacks) => open(bench, callbacks));
  return { bench, field, chip, ...started };
}

const EXCHANGE = 0x40;
const POLL = 0x60;
const rubbish: Readonly<Record<string, (frame: Uint8Array) => Uint8Array>> = {
  "a wrong checksum": (frame) => frame.map((byte, index) => (index === 7 ? byte ^ 1 : byte)),
  "a wrong length checksum": (frame) => frame.map((byte, index) => (index === 4 ? byte ^ 1 : byte)),
  "a length beyond the frame": (frame) => Uint8Array.of(0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 2, ...frame.subarray(8)),
  "no frame at all": (frame) => frame.map(() => 0x55),
  "an answer to another command": () => answerFrame(0x33, new Uint8Array(0)),
  "an answer without a status": () => answerFrame(EXCHANGE + 1, new Uint8Array(0)),
  "more and more, but nothing in it": () => answerFrame(EXCHANGE + 1, Uint8Array.of(0x40)),
  "more and more without end": () => answerFrame(EXCHANGE + 1, Uint8Array.of(0x40, ...new Uint8Array(200))),
};

for (const [name, spoil] of Object.entries(rubbish)) {
  test(`${name} ends the command as a protocol fault, and the card is found again`, async () => {
    const { bench, chip, reader, states, done, errors, brokenTimes } = await stand([echoCard()]);
    chip.spoil = (command, frame) => (command === EXCHANGE ? spoil(frame) : frame);
    reader.transmit(COMMAND, done);
    await bench.run(3_000);
    assert.equal(errors(), ["protocol"]);
    assert.equal(states, ["card", "none", "card"]);
    assert.is(brokenTimes(), 0);
  });
}

test("an answer that is damaged once is asked for again, and the card hears the command once", async () => {
  const card = echoCard();
  const { bench, chip, reader, done, last } = await stand([card]);
  let spoiled = 0;
  chip.spoil = (command, frame) =>
    command === EXCHANGE && spoiled++ === 0 ? frame.map((byte, index) => (index === 7 ? byte ^ 1 : byte)) : frame;
  reader.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(last()?.hex, "009000");
  assert.equal(card.heard, ["reset", "00a4040000"]);
});

test("a chip that refuses the command or blames itself is a coupler's fault", async () => {
  for (const frame of [SYNTAX_ERROR, answerFrame(EXCHANGE + 1, Uint8Array.of(0x0d))]) {
    const { bench, chip, reader, done, errors } = await stand([echoCard()]);
    chip.spoil = (command, good) => (command === EXCHANGE ? frame : good);
    reader.transmit(COMMAND, done);
    await bench.run(2_000);
    assert.equal(errors(), ["coupler"]);
  }
});

test("a radio error with the card still there is the card's protocol fault", async () => {
  const { bench, chip, reader, done, errors, states } = await stand([echoCard()]);
  chip.spoil = (command, good) => (command === EXCHANGE ? answerFrame(EXCHANGE + 1, Uint8Array.of(0x02)) : good);
  reader.transmit(COMMAND, done);
  await bench.run(2_000);
  assert.equal(errors(), ["protocol"]);
  assert.equal(states, ["card"]);
});

test("a chip that falls silent in the middle of a command ends it as a coupler's fault", async () => {
  const { bench, chip, reader, done, errors } = await stand([echoCard()]);
  chip.spoil = (command, good) => (command === EXCHANGE ? undefined : good);
  reader.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), ["coupler"]);
});

test("what the chip says of found cards is not believed blindly", async () => {
  for (const told of [[], [1], [1, 0x20], [1, 0x20, 0x20, 0x01], [1, 0x20, 0x01, 0x09], [7, 0x20, 0x01, 0x01], [255]]) {
    const { bench, chip, states, brokenTimes, reader } = await stand();
    chip.spoil = (command, good) => (command === POLL ? answerFrame(POLL + 1, Uint8Array.from(told)) : good);
    await bench.run(60_000);
    assert.equal(states, []);
    assert.is(brokenTimes(), 1);
    reader.close();
  }
});

test("a chip that is not there is given up within a second, once, by a callback", async () => {
  const bench = new Bench();
  let broken = 0;
  const reader = open(bench, {
    onError: () => {
      broken++;
    },
  });
  reader.start();
  assert.is(broken, 0);
  await bench.run(1_000);
  assert.is(broken, 1);
  assert.throws(() => reader.start());
  reader.close();
});

test("another chip at the address is not taken for a PN532", async () => {
  const { bench, chip, reader, brokenTimes } = await stand();
  reader.stop();
  chip.spoil = (command, good) => (command === 0x02 ? answerFrame(0x03, Uint8Array.of(0x33, 1, 6, 7)) : good);
  reader.start();
  await bench.run(5_000);
  assert.is(brokenTimes(), 1);
});

test("whatever the chip answers, a command ends once and the driver goes on or gives up", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const { bench, chip, reader, done, ended, brokenTimes } = await stand([echoCard()]);
    chip.spoil = (_, frame) => {
      const spoiled = frame.slice();
      for (let flips = chance.below(3); flips > 0; flips--) spoiled[chance.below(20)] = chance.below(256);
      return chance.below(10) === 0 ? undefined : spoiled;
    };
    for (let round = 1; round <= 5 && brokenTimes() === 0; round++) {
      reader.transmit(COMMAND, done);
      await bench.run(LONG);
      assert.is(ended.length, round, `seed ${seed}`);
    }
    assert.ok(brokenTimes() <= 1);
    reader.close();
  }
});

test("an interrupt pin that chatters changes nothing", async () => {
  const { bench, reader, done, last, states } = await stand([echoCard({ afterMs: 300 })]);
  const pin = bench.board.digitalWire(wires.interrupt);
  reader.transmit(COMMAND, done);
  for (let i = 0; i < 50; i++) {
    pin.drive(0);
    pin.drive(1);
    await bench.run(5);
  }
  await bench.run(2_000);
  assert.is(last()?.hex, "009000");
  assert.equal(states, ["card"]);
});

test("an interrupt that was missed costs time, not the command", async () => {
  const bench = new Bench();
  const field = new Field();
  new Pn532Chip(bench.board, wires, field);
  class Deaf extends bench.io.Digital {
    override deliver(): void {}
  }
  const reader = open(bench, {}, Deaf);
  field.present([echoCard()]);
  reader.start();
  await bench.run(30_000);
  assert.is(reader.state, "card");
});

test("a card of type B is served as one of type A", async () => {
  const heard: string[] = [];
  const port = contactlessPort(
    {
      atr: new Uint8Array(0),
      reset: (over) => heard.push(over),
      transmit: () => ({ bytes: Uint8Array.of(0x90, 0x00) }),
    },
    { atqb: Uint8Array.from({ length: 12 }, () => 0x50), attribAnswer: Uint8Array.of(0x00) },
  );
  const { bench, reader, done, last } = await stand([port]);
  assert.is(reader.state, "card");
  reader.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(last()?.hex, "9000");
  assert.equal(heard, ["contactless"]);
});

test("a minute of waiting for a card costs at most fifty transfers on the bus", async () => {
  const { bench, chip } = await stand();
  const before = chip.writes + chip.reads;
  await bench.run(60_000);
  assert.ok(chip.writes + chip.reads - before <= 50, String(chip.writes + chip.reads - before));
});

test("a command costs three transfers on the bus", async () => {
  const { bench, chip, reader, done } = await stand([echoCard()]);
  const before = chip.writes + chip.reads;
  reader.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(chip.writes + chip.reads - before, 3);
});

test("an interrupt pin that cannot be opened leaves the bus free", () => {
  const bench = new Bench();
  class Broken {
    constructor() {
      throw new Error("pin in use");
    }
    read(): 0 | 1 {
      return 0;
    }
    write(): void {}
    close(): void {}
  }
  assert.throws(() => open(bench, {}, Broken), /pin in use/);
  assert.is(bench.board.open.size, 0);
});

test("wrong numbers are refused without opening", () => {
  const bench = new Bench();
  const i2c = { io: bench.io.I2C, bus: 0, address: 0x24 };
  const interrupt = { io: bench.io.Digital, pin: 5 };
  const { clock } = bench;
  assert.throws(
    () => new Pn532({ i2c: { ...i2c, address: 0x80 }, interrupt, clock }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => new Pn532({ i2c, interrupt: { ...interrupt, pin: -1 }, clock }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(bench.board.open.size, 0);
});

test.run();
