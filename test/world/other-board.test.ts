/** The same firmware on a board with other chips: keys on the glass, ST7796, GT911, PN5180, PCF8563. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runScenario } from "../../simulator/scenario/run.ts";
import { glassGround, solderGlassBoard } from "./other-board.ts";

const scenarios = [
  "sale-tap",
  "sale-chip",
  "sale-magstripe",
  "mastercard-tap",
  "card-torn-tap",
  "bad-card-tap-silent",
  "power-cut-tapped-while-starting",
];

for (const name of scenarios) {
  test(`a scenario of p1 goes the same way on a board with glass: ${name}`, async () => {
    const file = new URL(`../flow/${name}.yaml`, import.meta.url);
    let soldered: ReturnType<typeof solderGlassBoard> | undefined;
    const result = await runScenario({
      file: `${name}.yaml`,
      text: readFileSync(file, "utf8"),
      ground: glassGround,
      prepare: (simulation) => {
        soldered = solderGlassBoard(simulation);
      },
    });
    assert.is(result.failure?.message, undefined);
    assert.ok(result.passed);
    const { panel, touch, contactless } = soldered!;
    assert.ok(panel.visible);
    assert.equal([panel.protocolErrors, touch.protocolErrors, contactless.protocolErrors], [0, 0, 0]);
    // The date on paper is the real-time clock's: the ground has none.
    for (const { text } of result.receipts) assert.match(text.join("\n"), /2026[-/]11[-/]23/);
  });
}

test.run();
