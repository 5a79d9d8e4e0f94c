import { suite } from "uvu";
import * as assert from "uvu/assert";
import { encodeAlpar } from "../../hal/drivers/chip/alpar.ts";
import { Tda8029 } from "../../hal/drivers/chip/tda8029.ts";
import { Tda8029Chip } from "../../simulator/chips/tda8029.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { ATR, COMMAND, chipContract, echoCard, LONG, outcomes } from "./chip.contract.ts";
import { Bench } from "./pump.ts";

const PORT = 2;
const BAUD = 38_400;

chipContract("TDA8029 on its chip model", () => {
  const bench = new Bench();
  const chip = new Tda8029Chip(bench.board, { port: PORT });
  const { clock } = bench;
  return {
    open: (callbacks) => new Tda8029({ serial: { io: bench.io.Serial, port: PORT, baud: BAUD }, clock, ...callbacks }),
    insert: (card) => chip.insert(card),
    remove: () => {
      chip.remove();
    },
    run: (milliseconds) => bench.run(milliseconds),
    breaches: () => chip.protocolErrors,
    delivering: () => bench.delivering,
  };
});

const test = suite("TDA8029 and a coupler that misbehaves");

/** What goes wrong on the line: gets the command's code and the good answer, gives the bytes to send. */
type Spoil = (code: number, good: Uint8Array) => Uint8Array;

const good: Readonly<Record<number, Uint8Array>> = {
  0: Uint8Array.of(0x90, 0x00),
  9: Uint8Array.of(1),
  77: new Uint8Array(0),
  110: ATR,
};

/** A coupler with a card in it that answers at once, as `spoil` lets it. */
async function stand(spoil: Spoil = (_, bytes) => bytes) {
  const bench = new Bench();
  const wire = bench.board.serialWire(PORT);
  const settings = { spoil };
  const codes: number[] = [];
  wire.attach({
    receive(bytes) {
      const code = bytes[3] ?? 0;
      codes.push(code);
      const answer = settings.spoil(code, encodeAlpar(code, good[code] ?? new Uint8Array(0)));
      bench.world.after(2, () => wire.send(answer));
    },
  });
  let errors = 0;
  const chip = new Tda8029({
    serial: { io: bench.io.Serial, port: PORT, baud: BAUD },
    clock: bench.clock,
    onError: () => {
      errors++;
    },
  });
  const all = { bench, wire, chip, settings, codes, brokenTimes: () => errors, ...outcomes() };
  await bench.run(100);
  return all;
}

/** The same with a card under power. */
async function powered() {
  const all = await stand();
  all.chip.activate(all.done);
  await all.bench.run(1_000);
  assert.equal(all.errors(), [undefined]);
  all.ended.length = 0;
  return all;
}

const onlyCard =
  (spoil: Spoil): Spoil =>
  (code, bytes) =>
    code === 0x00 ? spoil(code, bytes) : bytes;

const rubbish: Readonly<Record<string, Spoil>> = {
  "a wrong check byte": (_, bytes) => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)),
  "a frame that breaks off": (_, bytes) => bytes.slice(0, -2),
  "a length beyond all measure": () => Uint8Array.of(0x60, 0xff, 0xff, 0x00, 0x00),
  "an answer without status words": (code) => encodeAlpar(code, Uint8Array.of(0x90)),
  "a refusal without a reason": (code) => refusal(code, []),
  babble: () => Uint8Array.from({ length: 2_000 }, (_, index) => (index * 7) & 0x1f),
};

function refusal(code: number, data: readonly number[]): Uint8Array {
  const frame = encodeAlpar(code, Uint8Array.from(data));
  frame[0] = 0xe0;
  frame[frame.length - 1]! ^= 0x80;
  return frame;
}

for (const [name, spoil] of Object.entries(rubbish)) {
  test(`${name} ends the command as a protocol fault`, async () => {
    const { bench, chip, settings, done, errors } = await powered();
    settings.spoil = onlyCard(spoil);
    chip.transmit(COMMAND, done);
    await bench.run(2_000);
    assert.equal(errors(), ["protocol"]);
  });
}

test("after rubbish the card is powered off before anything else, and then works again", async () => {
  const { bench, chip, settings, codes, done, errors } = await powered();
  settings.spoil = onlyCard(() => Uint8Array.of(0x60, 0x00, 0x02, 0x00, 0x90, 0x00, 0x00));
  chip.transmit(COMMAND, done);
  await bench.run(1_000);
  settings.spoil = (_, bytes) => bytes;
  chip.activate(done);
  await bench.run(1_000);
  chip.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.equal(errors(), ["protocol", undefined, undefined]);
  assert.equal(codes, [0x09, 0x6e, 0x00, 0x4d, 0x6e, 0x00]);
});

test("a little noise before an answer is passed over", async () => {
  const { bench, chip, settings, done, last } = await powered();
  settings.spoil = (_, bytes) => Uint8Array.of(0x00, 0xff, 0x13, ...bytes);
  chip.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(last()?.hex, "9000");
});

test("an answer to another command is not taken for the right one", async () => {
  const { bench, chip, settings, done, last } = await powered();
  settings.spoil = onlyCard((_, bytes) => Uint8Array.of(...encodeAlpar(0x6e, ATR), ...bytes));
  chip.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(last()?.hex, "9000");
});

test("the late answer of a command that was given up is not taken for that of the next", async () => {
  const { bench, wire, chip, settings, done, ended } = await powered();
  settings.spoil = onlyCard(() => new Uint8Array(0));
  chip.transmit(COMMAND, done);
  await bench.run(12_100);
  assert.equal(
    ended.map((one) => one.error),
    ["coupler"],
  );
  wire.send(encodeAlpar(0x00, Uint8Array.of(0x6a, 0x82)));
  settings.spoil = (_, bytes) => bytes;
  chip.activate(done);
  await bench.run(1_000);
  chip.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.equal(
    ended.map((one) => one.hex),
    [undefined, Buffer.from(ATR).toString("hex"), "9000"],
  );
});

test("what the coupler says of itself is a coupler's fault, of a pulled card removed, of silence mute", async () => {
  for (const [status, fault] of [
    [0xe4, "coupler"],
    [0xf0, "coupler"],
    [0x81, "mute"],
    [0xc0, "removed"],
    [0x83, "protocol"],
    [0x47, "protocol"],
  ] as const) {
    const { bench, chip, settings, done, errors } = await powered();
    settings.spoil = onlyCard((code) => refusal(code, [status]));
    chip.transmit(COMMAND, done);
    await bench.run(1_000);
    assert.equal(errors(), [fault]);
    assert.is(chip.present, fault !== "removed");
  }
});

test("a coupler that never says a word is given up, once", async () => {
  const { bench, chip, brokenTimes } = await stand(() => new Uint8Array(0));
  await bench.run(LONG);
  assert.is(brokenTimes(), 1);
  assert.throws(() => chip.deactivate());
  chip.close();
});

test("a coupler that falls silent ends the pending command and is given up", async () => {
  const { bench, chip, settings, done, errors, brokenTimes } = await powered();
  settings.spoil = () => new Uint8Array(0);
  chip.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), ["coupler"]);
  assert.is(brokenTimes(), 1);
});

test("a coupler that babbles for ever is given up", async () => {
  const { bench, brokenTimes, codes } = await stand(() => Uint8Array.from({ length: 300 }, () => 0x55));
  await bench.run(LONG);
  assert.is(brokenTimes(), 1);
  assert.ok(codes.length <= 4);
});

test("babble that nobody asked for is dropped", async () => {
  const { bench, wire, chip, done, last } = await powered();
  for (let i = 0; i < 50; i++) {
    wire.send(Uint8Array.from({ length: 100 }, (_, index) => (i * 31 + index * 17) & 0xff));
    await bench.run(300);
  }
  chip.activate(done);
  await bench.run(2_000);
  assert.is(last()?.error, undefined);
});

test("a flood of insertions and removals is told in order and ends", async () => {
  const { bench, wire, chip } = await stand();
  const flood = Array.from({ length: 40 }, (_, index) => [...encodeAlpar(0xa0, Uint8Array.of(index % 2))]).flat();
  wire.send(Uint8Array.from(flood));
  await bench.run(1_000);
  assert.is(chip.present, true);
});

test("whatever the coupler sends, a command ends once and the driver goes on or gives up", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const { bench, chip, settings, done, ended, brokenTimes } = await powered();
    settings.spoil = (_, bytes) => {
      const spoiled = Uint8Array.of(...chance.bytes(chance.below(4)), ...bytes, ...chance.bytes(chance.below(4)));
      for (let flips = chance.below(3); flips > 0; flips--) spoiled[chance.below(spoiled.length)] = chance.below(256);
      return spoiled.subarray(0, chance.below(4) === 0 ? chance.below(spoiled.length) : spoiled.length);
    };
    for (let round = 1; round <= 5 && brokenTimes() === 0; round++) {
      if (round % 2 === 0) chip.transmit(COMMAND, done);
      else chip.activate(done);
      await bench.run(LONG);
      assert.is(ended.length, round, `seed ${seed}`);
    }
    assert.ok(brokenTimes() <= 1);
    chip.close();
  }
});

test("a second coupler on a port of its own serves a security module beside the card", async () => {
  const bench = new Bench();
  const [slot, sam] = [PORT, PORT + 1].map((port) => {
    const model = new Tda8029Chip(bench.board, { port });
    const card = echoCard({ afterMs: 50 });
    model.insert(card);
    const serial = { io: bench.io.Serial, port, baud: BAUD };
    return { model, card, driver: new Tda8029({ serial, clock: bench.clock }), ...outcomes() };
  });
  await bench.run(1_000);
  for (const one of [slot!, sam!]) one.driver.activate(one.done);
  await bench.run(1_000);
  sam!.driver.transmit(Uint8Array.of(0x80, 0x84, 0x00, 0x00, 0x08), sam!.done);
  slot!.driver.transmit(COMMAND, slot!.done);
  await bench.run(20);
  slot!.model.remove();
  await bench.run(1_000);
  assert.is(slot!.last()?.error, "removed");
  assert.is(sam!.last()?.hex, "089000");
  assert.is(sam!.driver.present, true);
});

test("a wrong port or speed is refused without opening", () => {
  const bench = new Bench();
  const io = bench.io.Serial;
  const { clock } = bench;
  assert.throws(
    () => new Tda8029({ serial: { io, port: 1.5, baud: BAUD }, clock }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => new Tda8029({ serial: { io, port: PORT, baud: 1 }, clock }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(bench.board.open.size, 0);
});

test.run();
