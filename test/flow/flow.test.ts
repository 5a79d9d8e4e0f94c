import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { groundName } from "../../simulator/commands/arguments.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";
import { assertHeapMargin, assertStackMargin } from "../stack-limit.ts";

const folder = new URL(".", import.meta.url);
/** All scenarios on the emulated microcontroller take long: `npx xspos run test/flow/*.yaml --ground rv32`. */
const EVERY_GROUND = ["node", "xs", "xs32"] as const;
/** test/run.ts gives each ground a process of its own. */
const only = process.env.XSPOS_FLOW_GROUND;

for (const name of only === undefined ? EVERY_GROUND : [groundName(only)]) {
  const ground = await available(name, "scenarios");
  if (ground === undefined) continue;
  for (const file of readdirSync(folder)
    .filter((entry) => entry.endsWith(".yaml"))
    .sort()) {
    test(`${file} on ${name}`, async () => {
      const text = readFileSync(new URL(file, folder), "utf8");
      const result = await runScenario({ file, text, ground });
      assert.ok(result.passed, `step ${result.failure?.step}: ${result.failure?.message}`);
      assertStackMargin(result.metrics);
      assertHeapMargin(result.metrics);
    });
  }
}

test.run();
