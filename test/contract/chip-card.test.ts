import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import type { CardCompletion } from "../../hal/chip.ts";
import { takeCard } from "../../simulator/cards/cards.ts";
import { contactlessPort, contactPort } from "../../simulator/chips/card-port.ts";
import { p1Chips } from "../../simulator/chips/p1.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { Bench } from "./pump.ts";

/** SELECT of the payment system directory, over contacts and over the air (EMV Book 1, 11.3; Book B, 3.3.2). */
const selectDirectory = Buffer.from("00A404000E315041592E5359532E4444463031", "hex");
const selectContactless = Buffer.from("00A404000E325041592E5359532E444446303100", "hex");

/** The firmware's view of the board after power-on. */
function deviceOf(bench: Bench) {
  return p1({ ...bench.io, clock: bench.clock, resource: () => new Uint8Array(0) });
}

function terminal() {
  const bench = new Bench();
  const chips = p1Chips(bench.board);
  const device = deviceOf(bench);
  const answers: string[] = [];
  const done: CardCompletion = (error, bytes) => answers.push(error ?? Buffer.from(bytes ?? []).toString("hex"));
  return { bench, chips, device, answers, done };
}

const shippedCard = (name: string) => takeCard(name, new SeededRandom(1, "card"));

test("a card that ships answers in the slot of p1", async () => {
  const { bench, chips, device, answers, done } = terminal();
  const reader = device.chip?.({ onStateChange() {} });
  const card = shippedCard("unionpay-chip-credit").chip!;
  chips.coupler.insert(contactPort(card));
  await bench.run(100);
  assert.is(reader?.present, true);
  reader?.activate(done);
  await bench.run(1_000);
  assert.is(answers[0], Buffer.from(card.atr).toString("hex"));
  reader?.transmit(selectDirectory, done);
  await bench.run(1_000);
  assert.match(answers[1] ?? "", /^61/);
  reader?.transmit(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, Number.parseInt((answers[1] ?? "").slice(2), 16)), done);
  await bench.run(1_000);
  assert.match(answers[2] ?? "", /^6f.*9000$/);
});

test("a card that ships answers over the antenna of p1", async () => {
  const { bench, chips, device, answers, done } = terminal();
  const reader = device.contactless?.({ onStateChange() {} });
  const card = shippedCard("unionpay-tap");
  reader?.start();
  chips.field.present([contactlessPort(card.chip!, card.radio)]);
  await bench.run(1_000);
  assert.is(reader?.state, "card");
  reader?.transmit(selectContactless, done);
  await bench.run(1_000);
  assert.match(answers[0] ?? "", /^6f.*9000$/);
});

test("a card that ships gives both tracks when it is drawn through p1", async () => {
  const { bench, chips, device } = terminal();
  const reader = device.magstripe?.({ onReadable() {} });
  const { stripe } = shippedCard("magstripe-credit");
  chips.stripe.swipe(stripe!);
  await bench.run(1_000);
  const swipe = reader?.read();
  assert.is(`%${String.fromCharCode(...(swipe?.track1 ?? []))}?`, stripe?.track1);
  assert.is(`;${String.fromCharCode(...(swipe?.track2 ?? []))}?`, stripe?.track2);
});

test("a power cut in the middle of a command leaves card and coupler ready for the next start", async () => {
  const { bench, chips, device, done } = terminal();
  const reader = device.chip?.({ onStateChange() {} });
  const card = shippedCard("unionpay-chip-credit").chip!;
  chips.coupler.insert(contactPort(card));
  await bench.run(100);
  reader?.activate(done);
  await bench.run(1_000);
  reader?.transmit(selectDirectory, done);
  await bench.run(10);
  bench.board.cutPower();
  bench.board.restorePower();
  const again = deviceOf(bench).chip?.({ onStateChange() {} });
  await bench.run(100);
  assert.is(again?.present, true);
  const outcome: (string | undefined)[] = [];
  again?.activate((error) => outcome.push(error));
  await bench.run(1_000);
  assert.equal(outcome, [undefined]);
});

test.run();
