import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";
import { assertStackMargin } from "../stack-limit.ts";

/** What people do, whatever the terminal shows meanwhile: it may be dark. */
const sales = {
  magstripe: ["press: 1 2 3 4 ENTER", "swipe: magstripe-credit", "wait: 5s", "press: 1 2 3 4 5 6 ENTER"],
  chip: [
    "press: 1 2 3 4 ENTER",
    "insert: unionpay-chip-credit",
    "wait: 5s",
    "press: 1 2 3 4 5 6 ENTER",
    "wait: 30s",
    "remove: card",
  ],
  tap: ["press: 1 2 3 4 ENTER", "tap: unionpay-tap", "wait: 30s", "remove: card"],
} as const;

/** Runs a sale to its end; `cuts`: steps about the power before it, `after`: steps behind it. */
function run(
  ground: Ground,
  sale: keyof typeof sales,
  cuts: readonly string[],
  after: readonly string[],
  recording?: Recording,
): Promise<ScenarioResult> {
  const steps = [...cuts, ...sales[sale], "wait: 30s", ...after];
  const text = ["name: A sale", "terminal: { language: en }", "steps:", ...steps.map((step) => `  - ${step}`)].join(
    "\n",
  );
  return runScenario({ file: `${sale}.yaml`, text, ground, ...(recording === undefined ? {} : { recording }) });
}

/** How many flash operations a sale takes from the first boot to its last receipt. */
async function operationsOf(sale: keyof typeof sales): Promise<number> {
  const recording = new Recording();
  const result = await run(await groundOf("node"), sale, [], ["audit: true"], recording);
  assert.ok(result.passed, result.failure?.message);
  assert.is(result.journal.at(-1)?.state, "receipted");
  return recording.lines.filter((line) => /"kind":"(program|erase)"/.test(line)).length;
}

/** The power comes back, the past is settled, and another sale is possible. */
const recovery = ["wait: 2s", "power: on", "wait: 60s", "expect: { screen: idle }", "audit: true"];
const nextSale = ["printer: { paper: in }", "press: 5 00 ENTER", "tap: unionpay-tap", "expect: { screen: approved }"];
const after = [...recovery, ...nextSale, "wait: 30s", "audit: true"];

/** The places in the recovery at which the power goes a second time; a recovery that is shorter ends undisturbed. */
const secondCuts = [1, 2, 3, 4, 6, 8];

function assertRecovered(result: ScenarioResult, where: string): void {
  assert.ok(result.passed, `${where}: step ${result.failure?.step}: ${result.failure?.message}`);
  assert.ok(result.screens.filter((screen) => screen === "boot").length > 1, `${where}: the power did not go`);
  assertStackMargin(result.metrics);
}

function cutAt(operation: number): string {
  return `power: { cutAtFlashOperation: ${operation} }`;
}

for (const name of ["node", "xs32"] as const) {
  const ground = await available(name, "power cuts in sales");
  if (ground === undefined) continue;
  for (const sale of Object.keys(sales) as (keyof typeof sales)[]) {
    test(`a power cut in any flash operation of a ${sale} sale leaves equal books and a terminal that sells (${name})`, async () => {
      const operations = await operationsOf(sale);
      assert.ok(operations >= 10, `${operations} operations are a whole sale`);
      for (let operation = 1; operation <= operations; operation++) {
        const result = await run(ground, sale, [cutAt(operation)], after);
        assertRecovered(result, `operation ${operation} of ${operations}`);
      }
    });
  }
}

for (const sale of Object.keys(sales) as (keyof typeof sales)[]) {
  test(`a second power cut while a ${sale} sale is recovered leaves equal books`, async () => {
    const operations = await operationsOf(sale);
    const ground = await groundOf("node");
    for (let first = 1; first <= operations; first++) {
      for (const second of secondCuts) {
        const steps = ["wait: 2s", cutAt(second), "power: on", "wait: 60s", ...recovery];
        assertRecovered(await run(ground, sale, [cutAt(first)], steps), `operation ${first}, then ${second}`);
      }
    }
  });
}

test.run();
