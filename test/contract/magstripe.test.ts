import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SerialStripeDecoder } from "../../hal/drivers/magstripe/serial-decoder.ts";
import { asciiWithSentinels } from "../../hal/drivers/magstripe/tracks.ts";
import type { Serial, SerialOptions } from "../../hal/io.ts";
import { StripeDecoderChip } from "../../simulator/chips/stripe-decoder.ts";
import { magstripeContract } from "./magstripe.contract.ts";
import { Bench } from "./pump.ts";

magstripeContract("serial decoder on its chip model", () => {
  const bench = new Bench();
  const chip = new StripeDecoderChip(bench.board, { port: 0 });
  return {
    open: (callbacks) =>
      new SerialStripeDecoder({ serial: { io: bench.io.Serial, port: 0, baud: 9_600 }, ...callbacks }),
    swipe: (pass) => chip.swipe(pass),
    run: (milliseconds) => bench.run(milliseconds),
    delivering: () => bench.delivering,
  };
});

const test = suite("serial stripe decoder");
const text = (bytes: Uint8Array | undefined) => bytes && String.fromCharCode(...bytes);

/** A decoder whose line says what the test wants. */
function stand(checkCharacter = false) {
  const bench = new Bench();
  const chip = new StripeDecoderChip(bench.board, { port: 0 }, { checkCharacter });
  const wire = bench.board.serialWire(0);
  let announced = 0;
  const reader = new SerialStripeDecoder({
    serial: { io: bench.io.Serial, port: 0, baud: 9_600 },
    format: { ...asciiWithSentinels, checkCharacter },
    onReadable: () => {
      announced++;
    },
  });
  const say = async (line: string) => {
    wire.send(Buffer.from(line, "latin1"));
    await bench.run(2_000);
  };
  return { bench, chip, reader, say, announced: () => announced };
}

test("a swipe cut into single characters is the same swipe", async () => {
  const { bench, reader } = stand();
  const wire = bench.board.serialWire(0);
  for (const character of "%B1^A?;1=2?\r") {
    wire.send(Buffer.from(character));
    await bench.run(50);
  }
  const swipe = reader.read();
  assert.is(text(swipe?.track1), "B1^A");
  assert.is(text(swipe?.track2), "1=2");
});

test("one damaged track leaves the other readable", async () => {
  const { chip, bench, reader } = stand();
  chip.swipe({ track1: "B1^A", track2: "1=2", damaged: "track1" });
  await bench.run(1_000);
  const swipe = reader.read();
  assert.is(swipe?.track1, undefined);
  assert.is(text(swipe?.track2), "1=2");
  assert.is(swipe?.damaged, true);
});

test("noise before, between and after the tracks changes nothing", async () => {
  const { reader, say } = stand();
  await say("\u0000\u00ffgarbage%B1^A?..\u0007;1=2?##\r\n");
  const swipe = reader.read();
  assert.is(text(swipe?.track1), "B1^A");
  assert.is(text(swipe?.track2), "1=2");
});

test("noise alone is no swipe", async () => {
  const { reader, say, announced } = stand();
  await say(`${"\u00ff123=?".repeat(1_000)}\r\r\r`);
  assert.is(announced(), 0);
  assert.is(reader.read(), undefined);
});

test("a track longer than the standard allows is damaged, however long", async () => {
  const { reader, say } = stand();
  await say(`;${"1".repeat(1_500)}?\r`);
  assert.equal(reader.read(), { damaged: true });
  await say(`;${"1".repeat(38)}?\r`);
  assert.equal(reader.read(), { damaged: true });
  await say(`;${"1".repeat(37)}?\r`);
  assert.is(reader.read()?.track2?.length, 37);
});

test("a character outside of the track's alphabet damages the track", async () => {
  const { reader, say } = stand();
  await say("%b1^a?\r");
  assert.equal(reader.read(), { damaged: true });
  await say(";12A4=?\r");
  assert.equal(reader.read(), { damaged: true });
});

test("a swipe that broke off does not spoil the next", async () => {
  const { reader, say } = stand();
  await say("%B6228480012");
  await say("%B1^A?;1=2?\r");
  const swipe = reader.read();
  assert.is(text(swipe?.track1), "B1^A");
  assert.is(swipe?.damaged, false);
});

test("a track without its end sentinel is damaged", async () => {
  const { reader, say } = stand();
  await say(";6228480012\r");
  assert.equal(reader.read(), { damaged: true });
});

test("track 3 is passed over", async () => {
  const { reader, say } = stand();
  await say(";1=2?+0101?\r");
  const swipe = reader.read();
  assert.is(text(swipe?.track2), "1=2");
  assert.is(swipe?.damaged, false);
});

test("check characters are checked where the decoder sends them", async () => {
  const { bench, chip, reader, say } = stand(true);
  chip.swipe({ track1: "B1^A", track2: "6228=2512" });
  await bench.run(1_000);
  const swipe = reader.read();
  assert.is(text(swipe?.track1), "B1^A");
  assert.is(text(swipe?.track2), "6228=2512");
  assert.is(swipe?.damaged, false);
  await say(";6228=2512?0\r");
  assert.equal(reader.read(), { damaged: true });
});

test("two swipes in one read: the second counts", async () => {
  const { reader, say } = stand();
  await say(";1=1?\r;2=2?\r");
  assert.is(text(reader.read()?.track2), "2=2");
});

test("what was received is wiped: neither the line's buffer nor an unread swipe keeps digits", async () => {
  const given: Uint8Array[] = [];
  let hear: ((bytes: number) => void) | undefined;
  class Line implements Serial {
    constructor(options: SerialOptions) {
      hear = options.onReadable;
    }
    read(): Uint8Array {
      const bytes = Uint8Array.from(Buffer.from(";6228480012341117=3012?\r"));
      given.push(bytes);
      return bytes;
    }
    write(): void {}
    flushInput(): void {}
    close(): void {}
  }
  const reader = new SerialStripeDecoder({ serial: { io: Line, port: 0, baud: 9_600 } });
  hear?.(24);
  assert.ok(given[0]?.every((byte) => byte === 0));
  const swipe = reader.read();
  assert.is(swipe?.track2?.[0], 0x36);
  hear?.(24);
  reader.close();
  assert.ok(given[1]?.every((byte) => byte === 0));
});

test("a line error is told once, and only close may follow", () => {
  let fail: (() => void) | undefined;
  let errors = 0;
  class Line implements Serial {
    constructor(options: SerialOptions) {
      fail = options.onError;
    }
    read(): undefined {}
    write(): void {}
    flushInput(): void {}
    close(): void {}
  }
  const reader = new SerialStripeDecoder({
    serial: { io: Line, port: 0, baud: 9_600 },
    onError: () => {
      errors++;
    },
  });
  fail?.();
  fail?.();
  assert.is(errors, 1);
  assert.throws(() => reader.read());
  reader.close();
});

test("a wrong port or speed is refused without opening", () => {
  const bench = new Bench();
  const io = bench.io.Serial;
  assert.throws(
    () => new SerialStripeDecoder({ serial: { io, port: -1, baud: 9_600 } }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => new SerialStripeDecoder({ serial: { io, port: 0, baud: 0 } }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(bench.board.open.size, 0);
});

test.run();
