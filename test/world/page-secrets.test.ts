import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hex } from "../../simulator/acquirer/bytes.ts";
import { allCards } from "../../simulator/cards/cards.ts";
import { trackEquivalent, tracksOf } from "../../simulator/cards/stripe.ts";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { Course } from "../../simulator/web/course.ts";
import { quickState, slowState } from "../../simulator/web/state.ts";

/** A PIN that no card has and a password that nobody has: whatever shows them was typed. */
const PIN = "917364";
const PASSWORD = "846193";

/** Every way of a card to say its number and its tracks, PINs typed at the terminal, at the chip and at the host. */
const TELLING = `
name: Every secret is told once
terminal: { language: en }
steps:
  - press: 1 2 3 4 ENTER
  - insert: unionpay-chip-credit
  - pin: ${PIN}
  - expect: { screen: declined }
  - remove: card
  - expect: { screen: idle }
  - press: 1 2 3 4 ENTER
  - insert: unionpay-chip-offline-pin
  - pin: ${PIN}
  - pin: 123456
  - expect: { screen: approved }
  - remove: card
  - expect: { screen: idle }
  - press: 1 2 3 4 ENTER
  - insert: visa-chip-enciphered-pin
  - pin: ${PIN}
  - pin: 1234
  - expect: { screen: approved }
  - remove: card
  - expect: { screen: idle }
  - press: 5 0 00 ENTER
  - swipe: magstripe-credit
  - pin: 123456
  - expect: { screen: approved }
  - expect: { screen: idle }
  - press: 1 00 ENTER
  - tap: mastercard-tap
  - expect: { screen: approved }
  - expect: { screen: idle }
  - press: 1 00 ENTER
  - tap: visa-tap
  - expect: { screen: approved }
  - expect: { screen: idle }
  - press: 1 00 ENTER
  - tap: unionpay-tap-decline
  - expect: { screen: declined }
  - expect: { screen: idle }
  - press: MENU
  - choose: settlement
  - press: ENTER
  - expect: { screen: settlement-result }
  - expect: { screen: idle }
  - keys: none
  - expect: { screen: out-of-service }
  - press: MENU
  - press: ${[...PASSWORD].join(" ")} ENTER
  - keys: load
  - expect: { screen: idle }
`;

/** Cards whose data are broken, so that what cannot be read must not be shown either. */
const BROKEN = [
  "bad-card-record-cut",
  "bad-card-swollen",
  "bad-card-endless-more",
  "bad-card-track-digits",
  "bad-card-asks-again",
];

/** All that the page is told over a scenario, but for the faces of the cards in the drawer. */
async function told(text: string): Promise<{ readonly feed: string; readonly keys: readonly Uint8Array[] }> {
  let course: Course | undefined;
  const states: object[] = [];
  const result = await runScenario({
    file: "test.yaml",
    text,
    ground: nodeGround,
    prepare: (simulation) => {
      course = new Course(simulation, nodeGround);
      const shown = course;
      simulation.board.recorders.push(() => states.push(quickState(shown)));
    },
  });
  assert.is(result.failure, undefined, text.split("\n")[0]);
  assert.ok(course);
  const { simulation, timeline } = course;
  const feed = JSON.stringify([timeline.since(1), states, slowState(course, simulation.world.now)]);
  return { feed, keys: [...simulation.board.secure.values(), simulation.bank.terminalMasterKey()] };
}

/** The ways in which bytes can stand in a text: hexadecimal, and base64 from any place of a longer run. */
function waysOf(bytes: Buffer): string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    return text.slice(before === 0 ? 0 : before + 1, -1);
  });
  return [bytes.toString("hex"), bytes.toString("hex").toUpperCase(), ...inside];
}

/** The same for digits: in clear (which is BCD in hexadecimal), as characters, and packed. */
function waysOfDigits(digits: string): string[] {
  const packed = digits.length % 2 === 0 ? digits : `${digits}F`;
  return [digits, ...waysOf(Buffer.from(digits, "latin1")), ...waysOf(Buffer.from(packed, "hex"))];
}

function assertHidden(feed: string, what: string, ways: readonly string[]): void {
  for (const way of ways) {
    const place = feed.indexOf(way);
    if (place >= 0) assert.unreachable(`${what} is shown: ${feed.slice(Math.max(0, place - 200), place + 60)}`);
  }
}

/** Of the cards that the scenario names. */
function assertNoCard(feed: string, scenario: string): void {
  const cards = [...allCards().values()].filter(({ name }) => new RegExp(`: ${name}$`, "m").test(scenario));
  assert.ok(cards.length > 0);
  for (const definition of cards) {
    const { name, pan } = definition;
    assertHidden(feed, `the number of ${name}`, waysOfDigits(pan));
    const tracks = [tracksOf(definition).track2, hex(trackEquivalent(definition, pan))];
    for (const track of tracks) assertHidden(feed, `a track of ${name}`, waysOfDigits(/[=D](\d+)/.exec(track)![1]!));
  }
}

test("nothing that the page is told shows a PIN, a password, a card number, a track or a key, in no way of writing it", async () => {
  const { feed, keys } = await told(TELLING);
  assert.match(feed, /6228 48\*\* \*\*\*\* /, "card numbers are there, masked");
  assert.match(feed, /VERIFY/, "a PIN went to a chip");
  assertNoCard(feed, TELLING);
  assertHidden(feed, "the PIN", waysOfDigits(PIN));
  assertHidden(feed, "the password", waysOfDigits(PASSWORD));
  assert.ok(keys.length >= 2);
  for (const key of keys) assertHidden(feed, "a key", waysOf(Buffer.from(key)));
  assert.ok(!hex(keys[0]!).startsWith("000000"), "a key that a search can find");
});

test("what a broken card says is not shown where it cannot be read", async () => {
  for (const name of BROKEN) {
    const text = readFileSync(new URL(`../flow/${name}.yaml`, import.meta.url), "utf8");
    assertNoCard((await told(text)).feed, text);
  }
});

test.run();
