import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Iso7816 } from "../../hal/drivers/chip/iso7816.ts";
import { readResetAnswer, resetAnswerLength } from "../../hal/drivers/chip/reset-answer.ts";
import type { CardManner } from "../../simulator/chips/card-chip.ts";
import { CardFrontEndChip } from "../../simulator/chips/card-front-end.ts";
import type { CardPort } from "../../simulator/chips/card-port.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { ATR, COMMAND, chipContract, echoCard, LONG, outcomes } from "./chip.contract.ts";
import { Bench } from "./pump.ts";

const wires = { port: 5, power: 70, reset: 71, present: 72 };
const HZ = 3_571_200;

function options(bench: Bench) {
  const pin = (number: number) => ({ io: bench.io.Digital, pin: number });
  return {
    serial: { io: bench.io.Serial, port: wires.port },
    power: pin(wires.power),
    reset: pin(wires.reset),
    present: pin(wires.present),
    hz: HZ,
    clock: bench.clock,
  };
}

/** Each with its answer to reset. */
const manners: Readonly<Record<string, readonly [CardManner, string]>> = {
  "T=1": [{ protocol: 1, informationSize: 254 }, "3b808131fe4589"],
  "T=1, blocks of 32 bytes": [{ protocol: 1 }, "3b8081312045" + "55"],
  "T=1, four times as fast by PPS": [{ protocol: 1, informationSize: 254, speed: 0x13 }, "3b90138131fe45" + "8a"],
  "T=1, at its own speed at once": [
    { protocol: 1, informationSize: 254, speed: 0x13, specific: true },
    "3b9013910131fe45" + "9b",
  ],
};

function withCheck(hex: string): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex")).slice(0, -1);
  return Uint8Array.of(
    ...bytes,
    bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0),
  );
}

for (const [name, [manner, hex]] of Object.entries(manners)) {
  chipContract(`front end on its model, ${name}`, () => {
    const bench = new Bench();
    const chip = new CardFrontEndChip(bench.board, wires, HZ);
    return {
      open: (callbacks) => new Iso7816({ ...options(bench), ...callbacks }),
      insert: (card) => chip.insert(card, manner),
      remove: () => {
        chip.remove();
      },
      run: (milliseconds) => bench.run(milliseconds),
      breaches: () => chip.protocolErrors,
      delivering: () => bench.delivering,
      answerToReset: withCheck(hex),
    };
  });
}

const test = suite("T=0, T=1 and PPS, and what goes wrong");

async function stand(card: CardPort, manner: CardManner) {
  const bench = new Bench();
  const chip = new CardFrontEndChip(bench.board, wires, HZ);
  let broken = 0;
  const coupler = new Iso7816({
    ...options(bench),
    onError: () => {
      broken++;
    },
  });
  chip.insert(card, manner);
  await bench.run(100);
  const all = outcomes();
  coupler.activate(all.done);
  await bench.run(5_000);
  return { bench, chip, coupler, brokenTimes: () => broken, ...all };
}

/** A card with a file of 300 bytes, as it is read over T=0: it wants the length that it has. */
function reader(settings: { readonly afterMs?: number } = {}) {
  const heard: string[] = [];
  const file = Uint8Array.from({ length: 200 }, (_, index) => index * 3);
  const port: CardPort = {
    reset: () => ATR,
    transmit(apdu) {
      heard.push(Buffer.from(apdu).toString("hex"));
      const bytes = apdu[1] === 0xb2 ? Uint8Array.of(...file, 0x90, 0x00) : Uint8Array.of(0x61, 0x10);
      return { bytes, afterMs: settings.afterMs ?? 5 };
    },
  };
  return { port, heard, file };
}

for (const byteByByte of [false, true]) {
  test(`T=0: commands with data, and answers of the length that the card has, ${byteByByte ? "byte by byte" : "at once"}`, async () => {
    const { port, heard, file } = reader();
    const { bench, coupler, done, last, chip } = await stand(port, { protocol: 0, byteByByte });
    assert.is(last()?.hex, Buffer.from(ATR).toString("hex"));
    const send = async (...bytes: readonly number[]) => {
      coupler.transmit(Uint8Array.from(bytes), done);
      await bench.run(LONG);
      return last();
    };
    assert.is((await send(0x00, 0xa4, 0x04, 0x00, 0x03, 0x01, 0x02, 0x03))?.hex, "6110");
    assert.is((await send(0x00, 0xa4, 0x04, 0x00, 0x03, 0x01, 0x02, 0x03, 0x00))?.hex, "6110");
    assert.is((await send(0x00, 0xb2, 0x01, 0x0c, 0x00))?.hex, "6cc8");
    assert.is((await send(0x00, 0xb2, 0x01, 0x0c, 0xc8))?.hex, `${Buffer.from(file).toString("hex")}9000`);
    assert.is((await send(0x00, 0x84, 0x00, 0x00))?.hex, "6110");
    assert.equal(heard, ["00a4040003010203", "00a4040003010203", "00b2010c00", "00b2010cc8", "0084000000"]);
    assert.is(chip.protocolErrors, 0);
  });
}

test("T=0: a card that thinks for five seconds sends NULL bytes and is waited for", async () => {
  const { port } = reader({ afterMs: 5_000 });
  const { bench, coupler, done, last } = await stand(port, { protocol: 0 });
  coupler.transmit(Uint8Array.of(0x00, 0xb2, 0x01, 0x0c, 0xc8), done);
  await bench.run(LONG);
  assert.is(last()?.hex?.length, 404);
});

test("PPS makes T=0 and T=1 faster, and costs nothing where the card does not take it", async () => {
  const took = async (manner: CardManner, length: number) => {
    const { port } = reader();
    const { bench, coupler, done, last, chip } = await stand(port, manner);
    const start = bench.world.now;
    let end = 0;
    coupler.transmit(Uint8Array.of(0x00, 0xb2, 0x01, 0x0c, length), (error, bytes) => {
      end = bench.world.now;
      done.call(coupler, error, bytes);
    });
    await bench.run(LONG);
    assert.is(last()?.hex?.length, 404, JSON.stringify(manner));
    assert.is(chip.protocolErrors, 0);
    return end - start;
  };
  for (const protocol of [0, 1] as const) {
    const length = protocol === 0 ? 0xc8 : 0x00;
    const slow = await took({ protocol }, length);
    const fast = await took({ protocol, speed: 0x13 }, length);
    assert.ok(fast < slow / 2, `T=${protocol}: ${fast} ms, ${slow} ms`);
    const deaf = await took({ protocol, speed: 0x13, ignoresPps: true }, length);
    assert.ok(Math.abs(deaf - slow) < 5, `T=${protocol}: ${deaf} ms, ${slow} ms`);
  }
});

for (const direction of ["to card", "from card"] as const) {
  for (const kind of ["lost", "spoilt", "cut"] as const) {
    test(`T=1: a block ${direction} that is ${kind} is made good, whichever it is, and the card hears each command once`, async () => {
      const { port, heard, file } = reader({ afterMs: 3_000 });
      for (let which = 0; which < 14; which++) {
        const { bench, chip, coupler, done, last } = await stand(port, { protocol: 1 });
        let block = 0;
        chip.disturb = (way, bytes) => {
          if (way !== direction || block++ !== which) return bytes;
          if (kind === "lost") return undefined;
          return kind === "cut"
            ? bytes.slice(0, -1)
            : bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
        };
        heard.length = 0;
        const command = Uint8Array.of(0x00, 0xb2, 0x01, 0x0c, 100, ...new Uint8Array(100), 0x00);
        coupler.transmit(command, done);
        await bench.run(LONG);
        assert.is(last()?.hex, `${Buffer.from(file).toString("hex")}9000`, `block ${which}`);
        assert.equal(heard, [Buffer.from(command).toString("hex")], `block ${which}`);
      }
    });
  }
}

test("a card that goes on spoiling its blocks is a protocol fault, loses its power, and works after another activation", async () => {
  const card = echoCard();
  const { bench, chip, coupler, done, errors, last } = await stand(card, { protocol: 1 });
  chip.disturb = (way, bytes) => (way === "from card" ? bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) : bytes);
  coupler.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.equal(errors(), [undefined, "protocol"]);
  assert.is(card.heard.at(-1), "off");
  coupler.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.is(last()?.error, "mute");
  chip.disturb = (_, bytes) => bytes;
  coupler.activate(done);
  await bench.run(LONG);
  coupler.transmit(COMMAND, done);
  await bench.run(LONG);
  assert.is(last()?.hex, "009000");
});

test("answers to reset that cannot be, or ask for what is not done here, are a protocol fault", async () => {
  for (const atr of [
    [0x3f, 0x65, 0x00, 0x00, 1, 2, 3, 4, 5],
    [0x00, 0x00],
    [0x3b, 0x80, 0x02, 0x82],
    [0x3b, 0x80, 0x81, 0x31, 0xfe, 0x45, 0x00],
    [0x3b, 0x80, 0x81, 0x71, 0xfe, 0x45, 0x01, 0xca],
    [0x3b, 0x80, 0x81, 0x11, 0x00, 0x90],
    [0x3b, 0x80, 0x81, 0x31, 0xfe, 0xa5, 0x6b],
    [0x3b, 0x65, 0x00],
    [0x3b, 0x90, 0x77, 0x10, 0x00],
  ]) {
    const card = { ...echoCard(), reset: () => Uint8Array.from(atr) };
    const { errors } = await stand(card, { protocol: 0 });
    assert.equal(errors(), ["protocol"], Buffer.from(atr).toString("hex"));
  }
});

test("an answer to reset of any bytes is read without an end beyond it", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const chance = new SeededRandom(seed, "atr");
    const bytes = Uint8Array.of(0x3b, ...chance.bytes(chance.below(40)));
    assert.ok(resetAnswerLength(bytes) >= 2);
    const answer = readResetAnswer(bytes);
    assert.ok(answer === undefined || answer.protocol <= 1);
  }
});

test("whatever comes over the line, an operation ends once and the coupler goes on", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const manner: CardManner = { protocol: seed % 2 === 0 ? 0 : 1, ...(seed % 3 === 0 ? { speed: 0x13 } : {}) };
    const { bench, chip, coupler, done, ended, brokenTimes } = await stand(reader().port, manner);
    chip.disturb = (_, bytes) => {
      const spoilt = bytes.slice(0, chance.below(5) === 0 ? chance.below(bytes.length + 1) : bytes.length);
      if (chance.below(2) === 0 && spoilt.length > 0) spoilt[chance.below(spoilt.length)] = chance.below(256);
      return spoilt.length === 0 ? undefined : spoilt;
    };
    for (let round = 2; round <= 6; round++) {
      if (round % 2 === 0) coupler.transmit(Uint8Array.of(0x00, 0xb2, 0x01, 0x0c, 0xc8), done);
      else coupler.activate(done);
      await bench.run(200_000);
      assert.is(ended.length, round, `seed ${seed}`);
    }
    assert.is(brokenTimes(), 0);
    coupler.close();
  }
});

test("T=0: a command whose data are not as long as it says is refused at once", async () => {
  const { coupler, done } = await stand(echoCard(), { protocol: 0 });
  for (const command of [
    [0, 0xa4, 4, 0, 5, 1],
    [0, 0xa4, 4, 0, 1, 1, 2, 3],
  ])
    assert.throws(
      () => coupler.transmit(Uint8Array.from(command), done),
      (error: unknown) => error instanceof RangeError,
    );
});

test("options are checked before a pin is taken, and a pin that cannot be had gives back the others", () => {
  const bench = new Bench();
  const good = options(bench);
  for (const wrong of [
    { hz: 500_000 },
    { hz: 6_000_000 },
    { serial: { ...good.serial, port: -1 } },
    { power: { ...good.power, pin: -1 } },
    { present: { io: undefined, pin: 1 } },
    { onStateChange: 1 },
  ])
    assert.throws(() => new Iso7816({ ...good, ...(wrong as object) }), undefined, JSON.stringify(wrong));
  assert.is(bench.board.open.size, 0);
  class NoParity extends bench.io.Serial {
    constructor(settings: ConstructorParameters<typeof bench.io.Serial>[0]) {
      super(settings);
      this.close();
      throw new RangeError("no parity");
    }
  }
  assert.throws(() => new Iso7816({ ...good, serial: { io: NoParity, port: 5 } }), /no parity/);
  assert.is(bench.board.open.size, 0);
});

test.run();
