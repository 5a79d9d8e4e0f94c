import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GROUND_NAMES } from "../../simulator/runtime/grounds.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";
import { assertStackMargin } from "../stack-limit.ts";

const folder = new URL(".", import.meta.url);

for (const name of GROUND_NAMES) {
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
    });
  }
}

test.run();
