/** A font that came as a package is the one that is seen from the next start on. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { runScenario } from "../../simulator/scenario/run.ts";

test("a font that was taken is drawn with from the next start on", async () => {
  const file = "update-power-cut.yaml";
  const text = readFileSync(new URL(`../flow/${file}`, import.meta.url), "utf8");
  const idle: Uint16Array[] = [];
  const result = await runScenario({
    file,
    text,
    ground: nodeGround,
    prepare: ({ board, chips }) => {
      board.recorders.push(({ screen }) => {
        if (screen === "idle") idle.push(chips.display.pixels().slice());
      });
    },
  });
  assert.ok(result.passed, result.failure?.message);
  const [plain, bold] = [idle[0]!, idle.at(-1)!];
  const differing = plain.filter((pixel, place) => pixel !== bold[place]).length;
  // Letters are a small part of the screen, and all of them are bolder.
  assert.ok(differing > 1_000 && differing < plain.length / 4, `${differing} of ${plain.length} pixels differ`);
});

test.run();
