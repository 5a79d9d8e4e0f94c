import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GroundUnavailable } from "../../simulator/runtime/ground.ts";
import { GROUND_NAMES, groundOf } from "../../simulator/runtime/grounds.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { assertStackMargin } from "../stack-limit.ts";

const folder = new URL(".", import.meta.url);

for (const name of GROUND_NAMES) {
  const ground = await groundOf(name).catch((error: unknown) => {
    if (!(error instanceof GroundUnavailable)) throw error;
    return undefined;
  });
  for (const file of readdirSync(folder)
    .filter((entry) => entry.endsWith(".yaml"))
    .sort()) {
    test(`${file} on ${name}`, async () => {
      if (ground === undefined) {
        assert.is(process.env.CI, undefined, `${name} must be there in CI`);
        console.log(`SKIPPED ${file} on ${name}: the ground is not installed`);
        return;
      }
      const text = readFileSync(new URL(file, folder), "utf8");
      const result = await runScenario({ file, text, ground });
      assert.ok(result.passed, `step ${result.failure?.step}: ${result.failure?.message}`);
      assertStackMargin(result.metrics);
    });
  }
}

test.run();
