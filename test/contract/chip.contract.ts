import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CardFault, Chip } from "../../hal/chip.ts";
import type { ChipCallbacks } from "../../hal/device.ts";
import type { CardPort } from "../../simulator/chips/card-port.ts";

/** A coupler with somebody who puts cards into it. */
export interface ChipStand {
  open(callbacks: ChipCallbacks): Chip;
  insert(card: CardPort): void;
  remove(): void;
  run(milliseconds: number): Promise<void>;
  /** What the driver did that the chip's datasheet forbids, where that is known. */
  readonly breaches?: () => number;
  /** True while a callback is being delivered. */
  readonly delivering: () => boolean;
  /** What its cards answer to reset, where that is not `ATR`. */
  readonly answerToReset?: Uint8Array;
}

export const ATR = Uint8Array.of(0x3b, 0x65, 0x00, 0x00, 0x58, 0x53, 0x50, 0x4f, 0x53);
export const COMMAND = Uint8Array.of(0x00, 0xa4, 0x04, 0x00, 0x00);
/** Longer than any operation may take. */
export const LONG = 40_000;

/** A card that answers every command with its last byte and 9000; what it was told is in `heard`. */
export function echoCard(settings: { readonly afterMs?: number; readonly mute?: "reset" | "commands" } = {}) {
  const heard: string[] = [];
  const card: CardPort = {
    reset() {
      heard.push("reset");
      return settings.mute === "reset" ? new Uint8Array(0) : ATR;
    },
    transmit(apdu) {
      heard.push(Buffer.from(apdu).toString("hex"));
      if (settings.mute === "commands") return undefined;
      return { bytes: Uint8Array.of(apdu.at(-1) ?? 0, 0x90, 0x00), afterMs: settings.afterMs ?? 5 };
    },
    powerOff() {
      heard.push("off");
    },
  };
  return { ...card, heard };
}

/** Collects how operations ended. */
export function outcomes() {
  const ended: { error: CardFault | undefined; hex: string | undefined; self: unknown }[] = [];
  return {
    ended,
    done(this: unknown, error: CardFault | undefined, bytes?: Uint8Array) {
      ended.push({ error, hex: bytes && Buffer.from(bytes).toString("hex"), self: this });
    },
    errors: () => ended.map((one) => one.error),
    last: () => ended.at(-1),
  };
}

/** What every chip coupler must do. */
export function chipContract(name: string, make: () => ChipStand): void {
  const test = suite(`chip: ${name}`);

  const stand = () => {
    const bench = make();
    const states: boolean[] = [];
    const calls: { self: unknown; delivering: boolean }[] = [];
    let errors = 0;
    const chip: Chip = bench.open({
      onStateChange(this: unknown) {
        calls.push({ self: this, delivering: bench.delivering() });
        states.push(chip.present);
      },
      onError() {
        errors++;
      },
    });
    return { bench, chip, states, calls, brokenTimes: () => errors, ...outcomes() };
  };

  /** A card is in the slot and has its power. */
  const ready = async (card: CardPort = echoCard()) => {
    const all = stand();
    await all.bench.run(100);
    all.bench.insert(card);
    await all.bench.run(100);
    all.chip.activate(all.done);
    await all.bench.run(1_000);
    all.ended.length = 0;
    return all;
  };

  test("a card that is put in and taken out is told as it happens", async () => {
    const { bench, chip, states, calls } = stand();
    await bench.run(100);
    assert.is(chip.present, false);
    bench.insert(echoCard());
    await bench.run(100);
    assert.equal(states, [true]);
    bench.remove();
    await bench.run(100);
    assert.equal(states, [true, false]);
    assert.ok(calls.every((call) => call.self === chip && call.delivering));
  });

  test("a card that is in the slot before the terminal starts is found", async () => {
    const bench = make();
    bench.insert(echoCard());
    let changes = 0;
    const chip = bench.open({
      onStateChange() {
        changes++;
      },
    });
    await bench.run(1_000);
    assert.is(chip.present, true);
    assert.is(changes, 1);
  });

  test("activate gives the answer to reset, transmit the card's answer", async () => {
    const { bench, chip, done, ended, last } = stand();
    const card = echoCard();
    bench.insert(card);
    await bench.run(1_000);
    chip.activate(done);
    assert.is(ended.length, 0);
    await bench.run(1_000);
    const expected = Buffer.from(bench.answerToReset ?? ATR).toString("hex");
    assert.equal(last(), { error: undefined, hex: expected, self: chip });
    chip.transmit(COMMAND, done);
    assert.is(ended.length, 1);
    await bench.run(1_000);
    assert.equal(last(), { error: undefined, hex: "009000", self: chip });
    assert.equal(card.heard, ["reset", "00a4040000"]);
  });

  test("the longest commands and answers of the short form go through whole", async () => {
    const answer = Uint8Array.from({ length: 258 }, (_, index) => index);
    const heard: number[] = [];
    const { bench, chip, done, last } = await ready({
      reset: () => ATR,
      transmit(apdu) {
        heard.push(apdu.length);
        return { bytes: answer };
      },
    });
    chip.transmit(new Uint8Array(261), done);
    await bench.run(LONG);
    assert.equal(heard, [261]);
    assert.is(last()?.hex, Buffer.from(answer).toString("hex"));
  });

  test("a card pulled out in the middle of a command ends it as removed", async () => {
    const { bench, chip, done, brokenTimes, ended, states } = await ready(echoCard({ afterMs: 500 }));
    chip.transmit(COMMAND, done);
    await bench.run(200);
    assert.is(ended.length, 0);
    bench.remove();
    await bench.run(100);
    assert.equal(
      ended.map((one) => one.error),
      ["removed"],
    );
    assert.equal(states, [true, false]);
    await bench.run(LONG);
    assert.is(ended.length, 1);
    assert.is(brokenTimes(), 0);
  });

  test("after a card was pulled out the next one works", async () => {
    const { bench, chip, done, ended, last } = await ready(echoCard({ afterMs: 500 }));
    chip.transmit(COMMAND, done);
    await bench.run(200);
    bench.remove();
    await bench.run(100);
    bench.insert(echoCard());
    await bench.run(100);
    chip.activate(done);
    await bench.run(1_000);
    assert.is(last()?.error, undefined);
    chip.transmit(COMMAND, done);
    await bench.run(1_000);
    assert.is(last()?.hex, "009000");
    assert.is(ended.length, 3);
  });

  test("a card that does not answer reset is mute", async () => {
    const { bench, chip, done, brokenTimes, ended } = stand();
    bench.insert(echoCard({ mute: "reset" }));
    await bench.run(100);
    chip.activate(done);
    await bench.run(LONG);
    assert.equal(
      ended.map((one) => one.error),
      ["mute"],
    );
    assert.is(brokenTimes(), 0);
  });

  test("a card that does not answer a command is mute, and stays in the slot", async () => {
    const { bench, chip, done, brokenTimes, ended } = await ready(echoCard({ mute: "commands" }));
    chip.transmit(COMMAND, done);
    await bench.run(LONG);
    assert.equal(
      ended.map((one) => one.error),
      ["mute"],
    );
    assert.is(chip.present, true);
    assert.is(brokenTimes(), 0);
  });

  test("activate without a card ends as removed", async () => {
    const { bench, chip, done, ended } = stand();
    await bench.run(100);
    chip.activate(done);
    assert.is(ended.length, 0);
    await bench.run(LONG);
    assert.equal(
      ended.map((one) => one.error),
      ["removed"],
    );
  });

  test("transmit to a card without power never reaches it", async () => {
    const { bench, chip, done, ended } = stand();
    const card = echoCard();
    bench.insert(card);
    await bench.run(100);
    chip.transmit(COMMAND, done);
    assert.is(ended.length, 0);
    await bench.run(LONG);
    assert.equal(
      ended.map((one) => one.error),
      ["mute"],
    );
    assert.equal(card.heard, []);
  });

  test("a second operation beside a pending one throws and disturbs nothing", async () => {
    const { bench, chip, done, ended } = await ready();
    chip.transmit(COMMAND, done);
    assert.throws(() => chip.transmit(COMMAND, done));
    assert.throws(() => chip.activate(done));
    await bench.run(1_000);
    assert.equal(
      ended.map((one) => one.error),
      [undefined],
    );
  });

  test("deactivate ends a pending operation as removed, later and once, and takes the card's power", async () => {
    const card = echoCard({ afterMs: 500 });
    const { bench, chip, done, ended } = await ready(card);
    chip.transmit(COMMAND, done);
    await bench.run(100);
    chip.deactivate();
    assert.is(ended.length, 0);
    await bench.run(LONG);
    assert.equal(
      ended.map((one) => one.error),
      ["removed"],
    );
    assert.is(card.heard.at(-1), "off");
    assert.is(chip.present, true);
  });

  test("activate may follow deactivate at once", async () => {
    const card = echoCard({ afterMs: 300 });
    const { bench, chip, done, ended, last } = await ready(card);
    chip.transmit(COMMAND, done);
    await bench.run(100);
    chip.deactivate();
    const second = outcomes();
    chip.activate(second.done);
    await bench.run(LONG);
    assert.is(last()?.error, "removed");
    assert.is(ended.length, 1);
    assert.is(bench.breaches?.() ?? 0, 0);
    assert.equal(second.errors(), [undefined]);
    assert.equal(card.heard, ["reset", "00a4040000", "off", "reset"]);
  });

  test("an operation may be started from the callback of the one before", async () => {
    const { bench, chip, done, last } = await ready();
    let rounds = 0;
    chip.transmit(COMMAND, function again() {
      rounds++;
      if (rounds < 5) chip.transmit(COMMAND, again);
      else chip.transmit(COMMAND, done);
    });
    await bench.run(LONG);
    assert.is(rounds, 5);
    assert.is(last()?.hex, "009000");
  });

  test("a command of an impossible length is refused at once", async () => {
    const { chip, done } = await ready();
    assert.throws(
      () => chip.transmit(new Uint8Array(3), done),
      (error: unknown) => error instanceof RangeError,
    );
    assert.throws(
      () => chip.transmit(new Uint8Array(100_000), done),
      (error: unknown) => error instanceof RangeError,
    );
  });

  test("close may be called twice, in the middle of a command; nothing is called back and every call throws", async () => {
    const { bench, chip, done, ended, states } = await ready(echoCard({ afterMs: 500 }));
    chip.transmit(COMMAND, done);
    await bench.run(100);
    chip.close();
    chip.close();
    bench.remove();
    await bench.run(LONG);
    assert.is(ended.length, 0);
    assert.equal(states, [true]);
    assert.throws(() => chip.activate(done));
    assert.throws(() => chip.transmit(COMMAND, done));
    assert.throws(() => chip.deactivate());
  });

  test("a coupler can be opened again after close, and not while it is open", () => {
    const { bench, chip } = stand();
    assert.throws(() => bench.open({ onStateChange() {} }));
    chip.close();
    bench.open({ onStateChange() {} }).close();
  });

  test("options that cannot be are refused before anything is opened", () => {
    const bench = make();
    assert.throws(
      () => bench.open({ onStateChange: 1 as unknown as () => void }),
      (error: unknown) => error instanceof TypeError,
    );
    bench.open({ onStateChange() {} }).close();
  });

  test.run();
}
