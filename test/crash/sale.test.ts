import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Cut, type Victim, withCut, withoutCut } from "../../simulator/crash/crash.ts";
import { firstCuts, secondCuts } from "../../simulator/crash/plan.ts";
import { nodeGround } from "../../simulator/runtime/node.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";
import { available } from "../available.ts";
import { askedForAll } from "../everything.ts";
import { assertStackMargin } from "../stack-limit.ts";
import { victimOf } from "../victim.ts";

const SALES = ["sale-magstripe", "sale-chip", "sale-tap"] as const;

function saleOn(ground: Victim["ground"], name: (typeof SALES)[number], prepare?: Victim["prepare"]): Victim {
  return { ...victimOf(name, ground), ...(prepare === undefined ? {} : { prepare }) };
}

async function operationsOf(victim: Victim): Promise<number> {
  const { problems, operations } = await withoutCut(victim);
  assert.equal(problems, []);
  assert.ok(operations >= 10, `${operations} operations are a whole sale`);
  return operations;
}

/** Makes a cut that must be recovered from; gives the operations of the recovery. */
async function recovered(victim: Victim, cut: Cut): Promise<number> {
  const { problems, operations, metrics } = await withCut(victim, cut);
  assert.equal(problems, [], `${victim.file} cut at ${cut.first}, ${cut.second ?? "once"}`);
  assertStackMargin(metrics);
  return operations;
}

const isWhole = askedForAll("two of three power cuts in a sale, and most second cuts in its recovery");
/** Of so many cuts one is made; by a number that shares no divisor with what a sale writes at a time. */
const oneOf = isWhole ? 1 : 3;

for (const name of ["node", "xs32"] as const) {
  if (name === "xs32" && !askedForAll("power cuts in sales on xs32")) continue;
  const ground = await available(name, "power cuts in sales");
  if (ground === undefined) continue;
  for (const sale of SALES) {
    test(`a power cut in ${isWhole ? "any" : "a"} flash operation of a ${sale} leaves equal books and a terminal that sells (${name})`, async () => {
      const victim = saleOn(ground, sale);
      for (const cut of firstCuts(await operationsOf(victim)))
        if (cut.first % oneOf === 0) await recovered(victim, cut);
    });
  }
}

for (const sale of isWhole ? SALES : (["sale-tap"] as const)) {
  test(`a second power cut in the recovery from a cut in a ${sale} leaves equal books`, async () => {
    const victim = saleOn(nodeGround, sale);
    const recoveries = [];
    for (const cut of firstCuts(await operationsOf(victim)))
      recoveries.push({ first: cut.first, operations: await recovered(victim, cut) });
    const { cuts, all } = secondCuts(recoveries, 1);
    assert.is(cuts.length, all);
    for (const cut of isWhole ? cuts : cuts.filter((_, place) => place % 13 === 0)) await recovered(victim, cut);
  });
}

test("a terminal that forgets an intent at a power cut is found", async () => {
  const forgetful = ({ board, chips }: Simulation): void => {
    board.onPowerCut.push(() => chips.flash.manufacture("journal", new Uint8Array(0)));
  };
  const victim = saleOn(nodeGround, "sale-magstripe", forgetful);
  const found: string[] = [];
  const lost = /000002 is declined at the terminal, approved at the host/;
  for (const cut of firstCuts(await operationsOf(victim))) {
    if (found.some((problem) => lost.test(problem))) return;
    found.push(...(await withCut(victim, cut)).problems);
  }
  assert.match(found.join("\n"), lost);
});

test("a slip for a sale that the host reversed is found", async () => {
  const prepare = ({ bank }: Simulation): void => {
    const payments = bank.payments.bind(bank);
    bank.payments = () => payments().map((payment) => ({ ...payment, state: "reversed" }));
  };
  const sale = saleOn(nodeGround, "sale-magstripe", prepare);
  const unaudited = { ...sale, text: sale.text.replace("  - audit: true\n", "") };
  assert.is.not(unaudited.text, sale.text);
  const [problem = ""] = (await withoutCut(unaudited)).problems;
  assert.match(problem, /a slip says 1234 for 000002, the host has reversed/);
});

test("a cut that never comes is no proof", async () => {
  const victim = saleOn(nodeGround, "sale-tap");
  assert.equal((await withCut(victim, { first: 10_000 })).problems, ["the scenario ended before the power went"]);
  assert.equal((await withCut(victim, { first: 12, second: 10_000 })).problems, [
    "the terminal had recovered before the power went again",
  ]);
});

test("a dispute that the scenario itself brings and clears is no loss where a cut keeps it from being cleared", async () => {
  const { disputes } = await withoutCut(victimOf("dispute-cleared"));
  assert.equal(disputes, ["000002 is in doubt: disputed"]);
});

test("a power cut while a void is in dispute is no loss of the sale that it names", async () => {
  const victim = victimOf("dispute-of-a-void");
  const [upToDispute = ""] = victim.text.split("  - press: MENU\n  - choose: print\n");
  const whole = await withoutCut(victim);
  assert.equal(whole.problems, []);
  assert.equal([...whole.disputes].sort(), [
    "000002 is receipted at the terminal, voided at the host, in doubt: 000003 is disputed",
    "000003 is in doubt: disputed",
  ]);
  const { operations } = await withoutCut({ ...victim, text: upToDispute });
  assert.ok(operations < whole.operations, "the dispute is cleared after it came");
  for (const way of [2, 3]) {
    const outcome = await withCut({ ...victim, disputes: whole.disputes }, { first: operations + 1, way });
    assert.equal(outcome.problems, [], `${victim.file} cut at ${operations + 1}:${way}`);
  }
});

test("an operation is cut in each way before the next one is", () => {
  assert.equal(firstCuts(2, 3), [
    { first: 1 },
    { first: 1, way: 2 },
    { first: 1, way: 3 },
    { first: 2 },
    { first: 2, way: 2 },
    { first: 2, way: 3 },
  ]);
});

test("second cuts are all of them, or as many as there is time for, picked by the seed", () => {
  const few = secondCuts(
    [
      { first: 1, operations: 2 },
      { first: 2, operations: 1 },
    ],
    7,
  );
  assert.equal(few, {
    all: 3,
    cuts: [
      { first: 1, second: 1 },
      { first: 1, second: 2 },
      { first: 2, second: 1 },
    ],
  });
  const many = firstCuts(300).map(({ first }) => ({ first, operations: 20 }));
  const sample = secondCuts(many, 7);
  assert.is(sample.all, 6000);
  assert.is(sample.cuts.length, 900);
  assert.equal(new Set(sample.cuts.map(({ first }) => first)).size, 300);
  assert.equal(secondCuts(many, 7), sample);
  assert.not.equal(secondCuts(many, 8), sample);
});

test.run();
