/** A font that came as a package is the one that is seen from the next start on. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";

/** The LCD at the last idle screen of a scenario. */
async function lastIdle(font: string): Promise<Uint16Array> {
  const text = readFileSync(new URL("../flow/update-line-cut.yaml", import.meta.url), "utf8");
  let simulation: Simulation | undefined;
  const result = await runScenario({
    file: "update-line-cut.yaml",
    text: text.replace("font: latin", `font: ${font}`).replace("language: zh", "language: en"),
    ground: nodeGround,
    prepare: (prepared) => {
      simulation = prepared;
    },
  });
  assert.ok(result.passed, result.failure?.message);
  assert.is(result.screens.at(-1), "idle");
  return simulation!.chips.display.pixels().slice();
}

test("a font that was taken is drawn with from the next start on", async () => {
  const [plain, bold] = [await lastIdle("latin"), await lastIdle("bold")];
  const differing = plain.filter((pixel, place) => pixel !== bold[place]).length;
  // Letters are a small part of the screen, and all of them are bolder.
  assert.ok(differing > 1_000 && differing < plain.length / 4, `${differing} of ${plain.length} pixels differ`);
});

test.run();
