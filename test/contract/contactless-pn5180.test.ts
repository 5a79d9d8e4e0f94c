import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Pn5180 } from "../../hal/drivers/contactless/pn5180.ts";
import { type CardPort, contactlessPort, ordinaryRadio, type PortRadio } from "../../simulator/chips/card-port.ts";
import { Field } from "../../simulator/chips/field.ts";
import { type Disturb, Pn5180Chip } from "../../simulator/chips/pn5180.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { COMMAND, echoCard, LONG } from "./chip.contract.ts";
import { contactlessContract } from "./contactless.contract.ts";
import { contractStand, startedBefore } from "./contactless-stand.ts";
import { Bench } from "./pump.ts";

const wires = { bus: 1, select: 10, busy: 11, interrupt: 12, reset: 13 };

function options(bench: Bench) {
  const pin = (number: number) => ({ io: bench.io.Digital, pin: number });
  return {
    spi: { io: bench.io.SPI, bus: wires.bus, hz: 7_000_000 },
    select: pin(wires.select),
    busy: pin(wires.busy),
    interrupt: pin(wires.interrupt),
    reset: pin(wires.reset),
    clock: bench.clock,
  };
}

contactlessContract("PN5180 on its chip model", () => {
  const bench = new Bench();
  const field = new Field();
  const chip = new Pn5180Chip(bench.board, wires, field);
  return contractStand(bench, field, chip, (callbacks) => new Pn5180({ ...options(bench), ...callbacks }));
});

const test = suite("PN5180: types, blocks and what goes wrong");

async function stand(cards: readonly CardPort[] = []) {
  const bench = new Bench();
  const field = new Field();
  const chip = new Pn5180Chip(bench.board, wires, field);
  const open = (callbacks: object) => new Pn5180({ ...options(bench), ...callbacks });
  return { bench, field, chip, ...(await startedBefore(cards, bench, field, open)) };
}

/** A card of type B: frames of so many bytes by their code, a waiting time by its code, ISO/IEC 14443-4 or not. */
function typeB(
  settings: { readonly frameCode?: number; readonly blocks?: boolean; readonly identifier?: number } = {},
) {
  const { frameCode = 8, blocks = true, identifier = 1 } = settings;
  return {
    atqb: Uint8Array.of(
      0x50,
      0xaa,
      0xbb,
      0xcc,
      identifier,
      0,
      0,
      0,
      0,
      0x00,
      (frameCode << 4) | (blocks ? 1 : 0),
      0x70,
    ),
    attribAnswer: Uint8Array.of(0x00),
  };
}

function echo(radio: PortRadio, settings: { readonly answer?: Uint8Array; readonly afterMs?: number } = {}) {
  const heard: string[] = [];
  const port = contactlessPort(
    {
      atr: new Uint8Array(0),
      reset: (over) => heard.push(over),
      transmit(apdu) {
        heard.push(Buffer.from(apdu).toString("hex"));
        return { bytes: settings.answer ?? Uint8Array.of(0x90, 0x00), afterMs: settings.afterMs ?? 5 };
      },
    },
    radio,
  );
  return { port, heard };
}

const answerOf = (length: number) => Uint8Array.from({ length }, (_, index) => index * 5);
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("a card of type B is served as one of type A", async () => {
  const { port, heard } = echo(typeB());
  const { bench, reader, states, done, last, chip } = await stand([port]);
  assert.equal(states, ["card"]);
  reader.transmit(COMMAND, done);
  await bench.run(1_000);
  assert.is(last()?.hex, "9000");
  assert.equal(heard, ["contactless", hexOf(COMMAND)]);
  assert.is(chip.protocolErrors, 0);
});

test("one card of each type is a collision, and so are two of type B", async () => {
  for (const cards of [
    [echo(ordinaryRadio).port, echo(typeB()).port],
    [echo(typeB()).port, echo(typeB({ identifier: 2 })).port],
    [echo(ordinaryRadio).port, echo(ordinaryRadio).port, echo(typeB()).port],
  ]) {
    const { bench, field, states } = await stand(cards);
    assert.equal(states, ["collision"]);
    field.present(cards.slice(0, 1));
    await bench.run(2_000);
    assert.equal(states, ["collision", "card"]);
  }
});

test("identifiers of four, seven and ten bytes are selected level by level, and a collision in any level is one", async () => {
  for (const length of [4, 7, 10]) {
    const radio = (last: number): PortRadio => ({
      ...(ordinaryRadio as Extract<PortRadio, { readonly uid: Uint8Array }>),
      uid: Uint8Array.from({ length }, (_, index) => (index === length - 1 ? last : index + 1)),
    });
    const { states, reader } = await stand([echo(radio(0x77)).port]);
    assert.equal(states, ["card"], `${length} bytes`);
    reader.close();
    const two = await stand([echo(radio(0x77)).port, echo(radio(0x78)).port]);
    assert.equal(two.states, ["collision"], `${length} bytes`);
  }
});

test("a card that is none for payment is not told: no blocks of ISO/IEC 14443-4, of either type", async () => {
  const memory = { ...ordinaryRadio, sak: 0x08 } as PortRadio;
  for (const radio of [memory, typeB({ blocks: false })]) {
    const { states } = await stand([echo(radio).port]);
    assert.equal(states, []);
  }
});

for (const [name, radio, frame] of [
  ["16 bytes", { ...ordinaryRadio, ats: Uint8Array.of(0x05, 0x70, 0x80, 0x70, 0x02) } as PortRadio, 16],
  ["64 bytes, type B", typeB({ frameCode: 5 }), 64],
  ["256 bytes", ordinaryRadio, 256],
] as const) {
  test(`commands and answers longer than a frame are chained: ${name}`, async () => {
    const answer = answerOf(1_000);
    const { port, heard } = echo(radio, { answer });
    const frames: number[] = [];
    const { bench, reader, done, last, chip } = await stand([port]);
    chip.disturb = (direction, bytes) => {
      if (direction === "to card") frames.push(bytes.length + 2);
      return undefined;
    };
    for (const length of [5, frame - 3, frame - 2, 2 * (frame - 3), 261]) {
      heard.length = 0;
      const command = answerOf(length);
      reader.transmit(command, done);
      await bench.run(LONG);
      assert.equal(heard, [hexOf(command)], `${length} bytes`);
      assert.is(last()?.hex, hexOf(answer));
    }
    assert.ok(Math.max(...frames) <= frame, String(Math.max(...frames)));
    assert.is(chip.protocolErrors, 0);
  });
}

test("a card may ask for time again and again, up to ten seconds", async () => {
  for (const afterMs of [100, 1_000, 9_900]) {
    const { port, heard } = echo(ordinaryRadio, { afterMs });
    const { bench, reader, done, last } = await stand([port]);
    const start = bench.world.now;
    let took = 0;
    reader.transmit(COMMAND, (error, bytes) => {
      took = bench.world.now - start;
      done.call(reader, error, bytes);
    });
    await bench.run(LONG);
    assert.is(last()?.hex, "9000");
    assert.is(heard.length, 2);
    assert.ok(took < afterMs + 100, `${took} ms for ${afterMs}`);
  }
});

test("a card that asks for time without end is mute", async () => {
  const { port } = echo(ordinaryRadio, { afterMs: 60_000 });
  const { bench, reader, done, errors } = await stand([port]);
  reader.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), ["mute"]);
});

for (const kind of ["lost", "damaged"] as const) {
  for (const direction of ["to card", "from card"] as const) {
    test(`a frame ${direction} that is ${kind} is made good, whichever it is, and the card hears each command once`, async () => {
      const answer = answerOf(300);
      for (let which = 0; which < 12; which++) {
        const { port, heard } = echo(typeB({ frameCode: 2 }), { answer, afterMs: 60 });
        const { bench, reader, done, last, chip } = await stand([port]);
        let frame = 0;
        chip.disturb = (way) => (way === direction && frame++ === which ? kind : undefined);
        const command = answerOf(40);
        reader.transmit(command, done);
        await bench.run(LONG);
        assert.is(last()?.hex, hexOf(answer), `frame ${which}`);
        assert.equal(heard, ["contactless", hexOf(command)], `frame ${which}`);
      }
    });
  }
}

test("a card that is only ever disturbed is a protocol fault, and is found again", async () => {
  const { port } = echo(ordinaryRadio);
  const { bench, reader, done, errors, chip, last } = await stand([port]);
  chip.disturb = (way, bytes) => (way === "from card" && bytes[0] === 0x02 ? "damaged" : undefined);
  reader.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), ["protocol"]);
  assert.is(reader.state, "card");
  chip.disturb = () => undefined;
  reader.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.is(last()?.hex, "9000");
});

/** A card that says what the test wants in place of its blocks. */
function liar(block: (heard: Uint8Array) => readonly number[] | undefined) {
  const change: Disturb = (way, bytes) => {
    if (way === "to card") heard = bytes.slice();
    else if (heard !== undefined && [0x02, 0x03, 0xb2, 0xb3, 0xf2].includes(heard[0]!)) {
      const wanted = block(heard);
      if (wanted !== undefined) bytes.set(wanted.slice(0, bytes.length));
    }
    return undefined;
  };
  let heard: Uint8Array | undefined;
  return change;
}

test("blocks that cannot be end in a fault: wrong number, wrong type, no time, too much time", async () => {
  for (const wanted of [[0x03], [0x00], [0xff], [0xa2], [0xa3], [0xf2, 0x00], [0xf2, 0x3c], [0xc2], [0x12]]) {
    const { port } = echo(ordinaryRadio);
    const { bench, reader, done, ended, chip, brokenTimes } = await stand([port]);
    chip.disturb = liar(() => wanted);
    reader.transmit(COMMAND, done);
    await bench.run(LONG);
    assert.is(ended.length, 1, String(wanted));
    assert.ok(ended[0]!.error === "protocol" || ended[0]!.error === "mute", `${wanted}: ${ended[0]!.error}`);
    assert.is(brokenTimes(), 0);
  }
});

test("an answer without end is broken off", async () => {
  const { port } = echo(ordinaryRadio, { answer: answerOf(3_000) });
  const { bench, reader, done, errors } = await stand([port]);
  reader.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), ["protocol"]);
});

test("answers to activation that cannot be are no card", async () => {
  const good = ordinaryRadio as Extract<PortRadio, { readonly uid: Uint8Array }>;
  for (const ats of [[], [0x05, 0x78], [0x02, 0x20], [0x00], [0x09, 0x78, 0x80, 0x70, 0x02]]) {
    const { states } = await stand([echo({ ...good, ats: Uint8Array.from(ats) }).port]);
    assert.equal(states, [], String(ats));
  }
  const { states } = await stand([echo({ ...typeB(), attribAnswer: Uint8Array.of(0x05) }).port]);
  assert.equal(states, []);
});

test("the shortest answer to select is enough: frames of 32 bytes, 4.8 ms", async () => {
  const { port } = echo({ ...ordinaryRadio, ats: Uint8Array.of(0x01) } as PortRadio, { answer: answerOf(500) });
  const { bench, reader, states, done, last } = await stand([port]);
  assert.equal(states, ["card"]);
  reader.transmit(answerOf(100), done);
  await bench.run(LONG);
  assert.is(last()?.hex, hexOf(answerOf(500)));
});

test("a chip that is not there, or whose BUSY never falls, is given up, once, by a callback", async () => {
  for (const level of [0, 1] as const) {
    const bench = new Bench();
    bench.board.digitalWire(wires.busy).drive(level);
    let broken = 0;
    const reader = new Pn5180({
      ...options(bench),
      onError: () => {
        broken++;
      },
    });
    reader.start();
    assert.is(broken, 0);
    await bench.run(2_000);
    assert.is(broken, 1);
    assert.throws(() => reader.start());
    assert.is(bench.board.open.size, 0);
  }
});

test("a chip that hangs in the middle of a command ends it as a coupler's fault, and is reset", async () => {
  const { port } = echo(ordinaryRadio);
  const { bench, chip, reader, done, errors, states, brokenTimes } = await stand([port]);
  const busy = bench.board.digitalWire(wires.busy);
  const own = busy.drive.bind(busy);
  busy.drive = (level) => {
    if (level === 1) own(1);
  };
  reader.transmit(COMMAND, done);
  await bench.run(100);
  busy.drive = own;
  own(0);
  await bench.run(2_000);
  assert.equal(errors(), ["coupler"]);
  assert.equal(states, ["card", "none", "card"]);
  assert.is(brokenTimes(), 0);
  assert.is(chip.protocolErrors, 0);
});

test("an interrupt that was missed costs time, not the command", async () => {
  const bench = new Bench();
  const field = new Field();
  new Pn5180Chip(bench.board, wires, field);
  class Deaf extends bench.io.Digital {
    override deliver(): void {}
  }
  const reader = new Pn5180({ ...options(bench), interrupt: { io: Deaf, pin: wires.interrupt } });
  field.present([echo(ordinaryRadio).port]);
  reader.start();
  await bench.run(5_000);
  assert.is(reader.state, "card");
});

test("whatever happens in the air, a command ends once and the driver goes on", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const chance = new SeededRandom(seed, "air");
    const { bench, chip, reader, done, ended, brokenTimes } = await stand([echoCard()]);
    chip.disturb = (_, bytes) => {
      const kind = chance.below(12);
      if (kind < 2) bytes[chance.below(bytes.length)] = chance.below(256);
      return kind === 2 ? "lost" : kind === 3 ? "damaged" : undefined;
    };
    for (let round = 1; round <= 5; round++) {
      reader.transmit(COMMAND, done);
      await bench.run(LONG);
      assert.is(ended.length, round, `seed ${seed}`);
    }
    assert.is(brokenTimes(), 0);
    reader.close();
  }
});

test("options are checked before a pin is taken, and a pin that cannot be had gives back the others", () => {
  const bench = new Bench();
  const good = options(bench);
  for (const wrong of [
    { spi: { ...good.spi, hz: 8_000_000 } },
    { spi: { ...good.spi, io: undefined } },
    { busy: { ...good.busy, pin: -1 } },
    { reset: { ...good.reset, io: undefined } },
    { onError: 1 },
  ])
    assert.throws(() => new Pn5180({ ...good, ...(wrong as object) }), undefined, JSON.stringify(wrong));
  assert.is(bench.board.open.size, 0);
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
  for (const name of ["select", "busy", "interrupt", "reset"] as const) {
    assert.throws(() => new Pn5180({ ...good, [name]: { io: Broken, pin: 1 } }), /pin in use/);
    assert.is(bench.board.open.size, 0);
  }
});

test.run();
