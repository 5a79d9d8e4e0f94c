import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Contactless } from "../../hal/contactless.ts";
import type { ContactlessCallbacks } from "../../hal/device.ts";
import type { CardPort } from "../../simulator/chips/card-port.ts";
import { COMMAND, echoCard, LONG, outcomes } from "./chip.contract.ts";

/** A contactless coupler with somebody who holds cards over it. */
export interface ContactlessStand {
  open(callbacks: ContactlessCallbacks): Contactless;
  present(cards: readonly CardPort[]): void;
  remove(): void;
  run(milliseconds: number): Promise<void>;
  /** What the driver did that the chip's datasheet forbids, where that is known. */
  readonly breaches?: () => number;
  /** True while a callback is being delivered. */
  readonly delivering: () => boolean;
}

/** Time enough to find a card, or to notice that it has gone. */
const NOTICE = 2_000;

/** What every contactless coupler must do. */
export function contactlessContract(name: string, make: () => ContactlessStand): void {
  const test = suite(`contactless: ${name}`);

  const stand = () => {
    const bench = make();
    const states: string[] = [];
    const calls: { self: unknown; delivering: boolean }[] = [];
    let errors = 0;
    const reader: Contactless = bench.open({
      onStateChange(this: unknown) {
        calls.push({ self: this, delivering: bench.delivering() });
        states.push(reader.state);
      },
      onError() {
        errors++;
      },
    });
    return { bench, reader, states, calls, brokenTimes: () => errors, ...outcomes() };
  };

  const started = async () => {
    const all = stand();
    all.reader.start();
    await all.bench.run(NOTICE);
    return all;
  };

  /** A card lies in the field, activated. */
  const ready = async (card: CardPort = echoCard()) => {
    const all = await started();
    all.bench.present([card]);
    await all.bench.run(NOTICE);
    assert.is(all.reader.state, "card");
    return all;
  };

  test("nothing is found before start, and a card that lies there is found after it", async () => {
    const { bench, reader, states, calls } = stand();
    bench.present([echoCard()]);
    await bench.run(NOTICE);
    assert.is(reader.state, "none");
    reader.start();
    assert.equal(states, []);
    await bench.run(NOTICE);
    assert.equal(states, ["card"]);
    assert.ok(calls.every((call) => call.self === reader && call.delivering));
  });

  test("a card that comes after a minute of waiting is found within half a second", async () => {
    const { bench, states } = await started();
    await bench.run(60_000);
    bench.present([echoCard()]);
    await bench.run(500);
    assert.equal(states, ["card"]);
  });

  test("a card that is mute in the field is not a card", async () => {
    const { bench, states } = await started();
    bench.present([echoCard({ mute: "reset" })]);
    await bench.run(NOTICE);
    assert.equal(states, []);
  });

  test("transmit gives the card's answer", async () => {
    const card = echoCard();
    const { bench, reader, done, ended, last } = await ready(card);
    reader.transmit(COMMAND, done);
    assert.is(ended.length, 0);
    await bench.run(NOTICE);
    assert.equal(last(), { error: undefined, hex: "009000", self: reader });
    assert.equal(card.heard, ["reset", "00a4040000"]);
  });

  test("the longest commands and answers of the short form go through whole", async () => {
    const answer = Uint8Array.from({ length: 258 }, (_, index) => index);
    const heard: string[] = [];
    const { bench, reader, done, last } = await ready({
      reset: () => Uint8Array.of(0x05, 0x78, 0x80, 0x70, 0x02),
      transmit(apdu) {
        heard.push(Buffer.from(apdu).toString("hex"));
        return { bytes: answer };
      },
    });
    const command = Uint8Array.from({ length: 261 }, (_, index) => index * 3);
    reader.transmit(command, done);
    await bench.run(NOTICE);
    assert.equal(heard, [Buffer.from(command).toString("hex")]);
    assert.is(last()?.hex, Buffer.from(answer).toString("hex"));
  });

  test("a card that thinks for three seconds is waited for", async () => {
    const { bench, reader, done, last } = await ready(echoCard({ afterMs: 3_000 }));
    reader.transmit(COMMAND, done);
    await bench.run(LONG);
    assert.is(last()?.hex, "009000");
  });

  test("two cards at once are a collision, and one of them alone is a card", async () => {
    const [first, second] = [echoCard(), echoCard()];
    const { bench, reader, states, done, last } = await started();
    bench.present([first, second]);
    await bench.run(NOTICE);
    assert.equal(states, ["collision"]);
    bench.present([second]);
    await bench.run(NOTICE);
    assert.equal(states, ["collision", "card"]);
    reader.transmit(COMMAND, done);
    await bench.run(NOTICE);
    assert.is(last()?.error, undefined);
    assert.ok(second.heard.includes("00a4040000"));
  });

  test("two cards that are both taken away leave nothing", async () => {
    const { bench, states } = await started();
    bench.present([echoCard(), echoCard()]);
    await bench.run(NOTICE);
    bench.remove();
    await bench.run(NOTICE);
    assert.equal(states, ["collision", "none"]);
  });

  test("a card that leaves the field in the middle of a command ends it as removed, and the next is found", async () => {
    const { bench, reader, states, done, ended, brokenTimes } = await ready(echoCard({ afterMs: 500 }));
    reader.transmit(COMMAND, done);
    await bench.run(200);
    bench.remove();
    await bench.run(NOTICE);
    assert.equal(
      ended.map((one) => one.error),
      ["removed"],
    );
    assert.equal(states, ["card", "none"]);
    bench.present([echoCard()]);
    await bench.run(NOTICE);
    assert.equal(states, ["card", "none", "card"]);
    assert.is(brokenTimes(), 0);
    assert.is(bench.breaches?.() ?? 0, 0);
  });

  test("a card that falls silent but stays is mute", async () => {
    const { bench, reader, done, errors, brokenTimes } = await ready(echoCard({ mute: "commands" }));
    reader.transmit(COMMAND, done);
    await bench.run(LONG);
    assert.equal(errors(), ["mute"]);
    assert.is(reader.state, "card");
    assert.is(brokenTimes(), 0);
  });

  test("after release the card's leaving is noticed, and not before it leaves", async () => {
    const { bench, reader, states } = await ready();
    reader.release();
    await bench.run(30_000);
    assert.equal(states, ["card"]);
    bench.remove();
    await bench.run(NOTICE);
    assert.equal(states, ["card", "none"]);
    bench.present([echoCard()]);
    await bench.run(NOTICE);
    assert.equal(states, ["card", "none", "card"]);
  });

  test("transmit without a card, or after release, is removed and reaches no card", async () => {
    const card = echoCard();
    const { bench, reader, done, errors } = await ready(card);
    reader.release();
    reader.transmit(COMMAND, done);
    assert.equal(errors(), []);
    await bench.run(NOTICE);
    assert.equal(errors(), ["removed"]);
    assert.equal(card.heard, ["reset"]);
  });

  test("stop ends a pending command as removed, later and once, and takes the card's power", async () => {
    const card = echoCard({ afterMs: 500 });
    const { bench, reader, done, ended, errors, states } = await ready(card);
    reader.transmit(COMMAND, done);
    await bench.run(100);
    reader.stop();
    assert.is(reader.state, "none");
    assert.is(ended.length, 0);
    await bench.run(LONG);
    assert.equal(errors(), ["removed"]);
    assert.equal(states, ["card"]);
    assert.is(card.heard.at(-1), "off");
  });

  test("after stop no card is found; after another start it is", async () => {
    const { bench, reader, states } = await started();
    reader.stop();
    bench.present([echoCard()]);
    await bench.run(NOTICE);
    assert.equal(states, []);
    reader.start();
    reader.stop();
    reader.start();
    await bench.run(NOTICE);
    assert.equal(states, ["card"]);
  });

  test("start and stop may be called twice", async () => {
    const { bench, reader, states } = await started();
    reader.start();
    bench.present([echoCard()]);
    await bench.run(NOTICE);
    assert.equal(states, ["card"]);
    reader.stop();
    reader.stop();
    await bench.run(NOTICE);
    assert.is(reader.state, "none");
  });

  test("a second command beside a pending one throws and disturbs nothing", async () => {
    const { bench, reader, done, errors } = await ready();
    reader.transmit(COMMAND, done);
    assert.throws(() => reader.transmit(COMMAND, done));
    assert.throws(() => reader.release());
    await bench.run(NOTICE);
    assert.equal(errors(), [undefined]);
  });

  test("a command may be sent from the callback of the one before", async () => {
    const { bench, reader, done, last } = await ready();
    let rounds = 0;
    reader.transmit(COMMAND, function again() {
      rounds++;
      if (rounds < 5) reader.transmit(COMMAND, again);
      else reader.transmit(COMMAND, done);
    });
    await bench.run(LONG);
    assert.is(rounds, 5);
    assert.is(last()?.hex, "009000");
  });

  test("close may be called twice, in the middle of a command; nothing is called back and every call throws", async () => {
    const { bench, reader, done, ended, states } = await ready(echoCard({ afterMs: 500 }));
    reader.transmit(COMMAND, done);
    await bench.run(100);
    reader.close();
    reader.close();
    bench.remove();
    await bench.run(LONG);
    assert.is(ended.length, 0);
    assert.equal(states, ["card"]);
    for (const call of [() => reader.start(), () => reader.stop(), () => reader.release()]) assert.throws(call);
    assert.throws(() => reader.transmit(COMMAND, done));
  });

  test("a closed coupler leaves the field off and can be opened again", async () => {
    const card = echoCard();
    const { bench, reader } = await ready(card);
    reader.close();
    await bench.run(100);
    assert.is(card.heard.at(-1), "off");
    const again = bench.open({ onStateChange() {} });
    again.start();
    await bench.run(NOTICE);
    assert.is(again.state, "card");
  });

  test("a command of an impossible length is refused at once", async () => {
    const { reader, done } = await ready();
    assert.throws(
      () => reader.transmit(new Uint8Array(3), done),
      (error: unknown) => error instanceof RangeError,
    );
    assert.throws(
      () => reader.transmit(new Uint8Array(100_000), done),
      (error: unknown) => error instanceof RangeError,
    );
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
