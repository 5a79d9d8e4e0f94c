/** Both ends of the serial line in one process, on a clock of their own: every seed gives the same run. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LinePipe } from "../../hal/bridge/line-pipe.ts";
import type { LinePort } from "../../hal/bridge/line-port.ts";
import { LineLink, type LineTraffic } from "../../simulator/runtime/serial/link.ts";
import { type FaultRates, FaultyLine } from "../hil/faulty-line.ts";

const PATIENCE = { again: 20, start: 10_000, answer: 10_000, turn: 60_000 };
const NONE: FaultRates = { lost: 0, doubled: 0, flipped: 0, burst: 0 };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The laptop answers each payload with another one; the board's calls drive the clock. */
class Loop implements LinePort {
  readonly received: string[] = [];
  readonly link: LineLink;
  gone: string | undefined;
  now = 0;
  restarts = 0;
  readonly #toLaptop: FaultyLine;
  readonly #toBoard: FaultyLine;
  #coming: number[] = [];

  constructor(seed: number, rates: FaultRates, answer: (payload: Uint8Array) => Uint8Array | undefined) {
    this.#toLaptop = new FaultyLine(seed, rates);
    this.#toBoard = new FaultyLine(seed + 0x4000_0000, rates);
    this.link = new LineLink({
      write: (bytes) => this.#coming.push(...this.#toBoard.pass(bytes)),
      onPayload: (payload) => {
        this.received.push(hex(payload));
        const back = answer(payload);
        if (back !== undefined) this.link.send(back);
      },
      onGone: (reason) => {
        this.gone = reason;
      },
      boardsTurn: () => true,
      session: 0xfeed_0000 + seed,
      patience: PATIENCE,
      now: () => this.now,
    });
  }

  read(limit: number, milliseconds: number): Uint8Array | undefined | "gone" {
    if (this.gone !== undefined) return "gone";
    if (this.#coming.length > 0) return Uint8Array.from(this.#coming.splice(0, limit));
    for (const until = this.now + milliseconds; this.now < until && this.#coming.length === 0; ) {
      this.now++;
      this.link.watch();
    }
    return this.#coming.length > 0 ? Uint8Array.from(this.#coming.splice(0, limit)) : undefined;
  }

  write(bytes: Uint8Array): void {
    this.link.receive(this.#toLaptop.pass(bytes));
  }

  restart(): never {
    this.restarts++;
    throw new Error("restarted");
  }
}

/** Bytes that differ by their number, of lengths that begin and end frames anywhere. */
function payloadOf(number: number): Uint8Array {
  const bytes = new Uint8Array(1 + ((number * 37) % 700)).fill(number);
  bytes[0] = number >> 8;
  return bytes;
}

/** Posts and calls, as the bridge makes them; every answer must be the one to its own question. */
function talk(seed: number, rates: FaultRates, calls: number): { readonly loop: Loop; readonly traffic: LineTraffic } {
  let asked = 0;
  const loop = new Loop(seed, rates, (payload) => {
    if (payload.at(-1) !== 0xff) return undefined;
    return payloadOf(++asked * 3);
  });
  loop.link.send(Uint8Array.of(5));
  const pipe = new LinePipe(loop, 30);
  assert.equal([...pipe.read()!], [5], `seed ${seed}`);
  const sent: string[] = [];
  for (let call = 1; call <= calls; call++) {
    for (let post = 0; post < call % 5; post++) {
      const bytes = payloadOf(call * 5 + post);
      bytes[bytes.length - 1] = 0;
      sent.push(hex(bytes));
      pipe.write(bytes.subarray(0, 1), bytes.subarray(1));
    }
    sent.push(hex(Uint8Array.of(call, 0xff)));
    pipe.write(Uint8Array.of(call, 0xff));
    assert.equal(pipe.read(), payloadOf(call * 3), `seed ${seed}, call ${call}: ${loop.gone}`);
  }
  const wrong = sent.findIndex((payload, at) => payload !== loop.received[at]);
  assert.is(wrong, -1, `seed ${seed}: payload ${wrong} is another one`);
  assert.is(loop.received.length, sent.length, `seed ${seed}`);
  return { loop, traffic: loop.link.traffic };
}

test("over a good line every payload arrives, in order, and nothing is said twice", () => {
  const { loop, traffic } = talk(1, NONE, 60);
  assert.is(traffic.repeated, 0);
  assert.is(traffic.spoilt, 0);
  assert.ok(loop.now < 30, `${loop.now} ms were waited`);
});

test("over a line that loses, doubles and flips bytes every payload still arrives once and in order", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { loop, traffic } = talk(seed, { lost: 900, doubled: 900, flipped: 900, burst: 9_000 }, 40);
    assert.ok(traffic.spoilt > 0 && traffic.repeated > 0, `seed ${seed} spoilt nothing`);
    assert.is(loop.restarts, 0);
  }
});

test("over a line of which every fourth frame is spoilt the run takes longer and ends the same", () => {
  for (let seed = 1; seed <= 6; seed++) talk(seed, { lost: 400, doubled: 400, flipped: 400, burst: 2_000 }, 25);
});

test("a board that nobody hears is given up with a sentence", () => {
  const dead: FaultRates = { ...NONE, lost: 1 };
  const loop = new Loop(3, dead, () => undefined);
  const pipe = new LinePipe(loop, 30);
  assert.is(pipe.read(), undefined);
  assert.is(loop.gone, "the board does not answer");
  assert.ok(loop.now >= PATIENCE.start && loop.now < PATIENCE.start + 2_100, `${loop.now} ms`);
});

test("a laptop that comes anew finds a board that lived in another session and restarts it", () => {
  const first = new Loop(5, NONE, () => undefined);
  const pipe = new LinePipe(first, 30);
  const second = new Loop(6, NONE, () => undefined);
  first.read = (limit, milliseconds) => second.read(limit, milliseconds);
  assert.throws(() => pipe.read(), /restarted/);
});

test("the laptop's end is heard, and a board that is gone does not hold it up", async () => {
  const loop = new Loop(7, NONE, () => undefined);
  const pipe = new LinePipe(loop, 30);
  const ended = loop.link.hangUp();
  assert.is(pipe.read(), undefined);
  await ended;
  const silent = new Loop(8, NONE, () => undefined);
  new LinePipe(silent, 30);
  const given = silent.link.hangUp();
  for (silent.now = 0; silent.now < 500; silent.now++) silent.link.watch();
  await given;
});

test("the firmware's own end is said with its reason", () => {
  const loop = new Loop(9, { lost: 300, doubled: 300, flipped: 300, burst: 0 }, () => undefined);
  const pipe = new LinePipe(loop, 30);
  pipe.fail(new TextEncoder().encode("RangeError: jam"));
  assert.is(loop.gone, "the firmware failed: RangeError: jam");
});

test.run();
