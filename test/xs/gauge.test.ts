/** What a firmware's memory holds can be asked while it runs. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { firmwareLimits } from "../../simulator/runtime/budget.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";

const file = "sale-chip.yaml";
const text = readFileSync(new URL(`../flow/${file}`, import.meta.url), "utf8");
const xs = await available("xs", "a running firmware's memory");

if (xs !== undefined) {
  test("a firmware that is asked what its memory holds tells it, and does the same as one that is not asked", async () => {
    const told: Readonly<Record<string, number>>[] = [];
    const asking: Ground = {
      name: "xs",
      live: (board, pace) => {
        const timer = setInterval(() => {
          const memory = board.memory?.();
          if (memory !== undefined) told.push(memory);
        }, 5);
        return xs.live(board, pace).finally(() => clearInterval(timer));
      },
    };
    const [alone, asked] = [new Recording(), new Recording()];
    assert.ok((await runScenario({ file, text, ground: xs, recording: alone })).passed);
    assert.ok((await runScenario({ file, text, ground: asking, recording: asked })).passed);
    assert.equal(asked.lines, alone.lines);
    const last = told.at(-1);
    assert.ok(last !== undefined, "nothing was told");
    assert.ok(last.slots! > 500 && last.slots! < firmwareLimits.slots, `${last.slots} slots`);
    assert.ok(last.chunks! > 1_000 && last.stack! > 100 && last.stack! <= firmwareLimits.stack);
  });
}

test.run();
