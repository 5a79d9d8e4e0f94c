import { test } from "uvu";
import * as assert from "uvu/assert";
import { cardDefinition } from "../../simulator/cards/cards.ts";
import { copyCard } from "../../simulator/cards/copy.ts";
import { passesLuhn } from "../../simulator/cards/definition.ts";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { Course } from "../../simulator/web/course.ts";
import { Simulation } from "../../simulator/world/simulation.ts";

/** Takes steps of a scenario, each of which must hold. */
function held(course: Course, ...steps: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = steps.length;
    course.onStep = ({ state, message }) => {
      if (state === "failed") reject(new Error(message));
      else if (state === "done" && --left === 0) resolve();
    };
    for (const step of steps) course.do({ do: "step", step });
  });
}

test("a copy has a number of its own, of the same issuer and with a right check digit, and keeps what is not changed", () => {
  for (const name of ["unionpay-chip-credit", "unionpay-chip-debit", "multi-application", "visa-tap"]) {
    const card = cardDefinition(name);
    const copy = copyCard(card, { name: "mine", balance: 100 });
    assert.is(copy.pan.length, card.pan.length);
    assert.is(copy.pan.slice(0, 8), card.pan.slice(0, 8));
    assert.is.not(copy.pan, card.pan);
    assert.ok(passesLuhn(copy.pan));
    assert.equal([copy.account.balance, copy.account.pin, copy.expires], [100, card.account.pin, card.expires]);
    assert.is(copy.applications.length, card.applications.length);
    for (const [place, { name, pan }] of copy.applications.entries()) {
      assert.match(name, /^mine(\/|$)/);
      assert.is(pan === copy.pan, card.applications[place]?.pan === card.pan);
    }
  }
});

test("what no card can be is refused with a sentence", () => {
  const card = cardDefinition("visa-chip");
  const sentences = [
    [{ name: "Mine!" }, /small letters/],
    [{ name: "mine", balance: -1 }, /balance/],
    [{ name: "mine", balance: 0.5 }, /balance/],
    [{ name: "mine", pin: "12" }, /PIN/],
    [{ name: "mine", expires: "3013" }, /expiry/],
    [{ name: "mine", status: "melted" as "open" }, /account/],
  ] as const;
  for (const [changes, sentence] of sentences) assert.throws(() => copyCard(card, changes), sentence);
});

test("a copy's account is its own: without money it is declined, and the card it was copied from is not debited", async () => {
  const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
  const course = new Course(simulation, nodeGround);
  course.pacer.speed = "fast";
  const copy = { of: "unionpay-chip-credit", name: "poor", balance: 100, pin: "4321" };
  course.do({ do: "card", copy });
  assert.throws(() => course.do({ do: "card", copy: { ...copy, name: "visa-tap" } }), /already/);
  assert.throws(() => course.do({ do: "insert", card: "poorer" }), /unknown card/);
  const running = course.run();
  await held(
    course,
    { expect: { screen: "idle" } },
    { press: "1 2 3 4 ENTER" },
    { expect: { screen: "present-card" } },
  );
  course.do({ do: "insert", card: "poor" });
  await held(course, { pin: "4321" }, { expect: { screen: "declined" } });
  assert.is(simulation.ledger.balance("poor"), 100);
  assert.is(simulation.ledger.debited("unionpay-chip-credit"), 0);
  assert.equal(simulation.audit(), []);
  await course.end();
  assert.is(await running, undefined);
});

test.run();
