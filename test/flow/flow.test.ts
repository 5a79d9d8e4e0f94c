import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { groundName } from "../../simulator/commands/arguments.ts";
import { firmwareLimits } from "../../simulator/runtime/budget.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import type { GroundName } from "../../simulator/runtime/grounds.ts";
import { isEmulated, type MemoryLimits } from "../../simulator/runtime/xs/ground.ts";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";
import { askedForAll } from "../everything.ts";
import { keepDigest } from "../flow-digests.ts";
import { assertHeapLimits, assertStackMargin } from "../stack-limit.ts";

const folder = new URL(".", import.meta.url);
/** All scenarios on the emulated microcontroller take long: `npx xspos run test/flow/*.yaml --ground rv32`. */
const EVERY_GROUND = ["node", "xs", "xs32"] as const;
/**
 * The heap that a scenario runs in: what TLS leaves the firmware of a board's. The slots of 64 bits are twice as large and as many;
 * its chunks, which hold pointers, grow.
 */
const HEAPS: Readonly<Record<string, MemoryLimits>> = {
  xs: { ...firmwareLimits, chunks: 0 },
  xs32: firmwareLimits,
};
/** Those that show the budget of an ESP32 for each kind of transaction: on `xs32` they are what `npm test` runs. */
const BUDGET = [
  ...["sale-magstripe", "sale-chip", "sale-tap", "tap-torn", "tap-pin-mastercard", "chip-combined-signature"],
  ...["card-pulled-while-online", "pre-authorisation-chip", "completion", "void-chip", "refund-full", "tip"],
  ...["balance-chip", "manual-entry", "offline-sale", "order", "history", "query-in-doubt", "funds-news-with-backup"],
  ...["settlement-unequal", "restore", "download-keys", "tamper-while-online"],
].map((name) => `${name}.yaml`);
/** Those of them that a machine runs that has to emulate `xs32`. */
const EMULATED = ["sale-magstripe", "sale-chip", "sale-tap", "chip-combined-signature", "settlement-unequal"].map(
  (name) => `${name}.yaml`,
);
/** test/run.ts gives each ground a process of its own. */
const only = process.env.XSPOS_FLOW_GROUND;
/** Of a ground that takes long every process runs a part: "1/2", "2/2". */
const [part, parts] = (process.env.XSPOS_FLOW_PART ?? "1/1").split("/").map(Number) as [number, number];

for (const name of only === undefined ? EVERY_GROUND : [groundName(only)]) {
  const found = await available(name, "scenarios");
  if (found === undefined) continue;
  const ground = inItsHeap(name, found);
  const all = readdirSync(folder).filter((entry) => entry.endsWith(".yaml"));
  const budget = name === "xs32" && (await isEmulated(name)) ? EMULATED : BUDGET;
  const files = name !== "xs32" || askedForAll("most scenarios on xs32") ? all : budget;
  for (const [place, file] of files.sort().entries()) {
    if (place % parts !== part - 1) continue;
    test(`${file} on ${name}`, async () => {
      const text = readFileSync(new URL(file, folder), "utf8");
      const recording = new Recording();
      const result = await runScenario({ file, text, ground, recording });
      keepDigest(name, file, recording);
      assert.ok(result.passed, `step ${result.failure?.step}: ${result.failure?.message}`);
      assertStackMargin(result.metrics);
      assertHeapLimits(result.metrics, HEAPS[name]);
    });
  }
}

function inItsHeap(name: GroundName, ground: Ground): Ground {
  const limits = HEAPS[name];
  return limits === undefined || name === "node" ? ground : xsGround(name, { limits });
}

test.run();
