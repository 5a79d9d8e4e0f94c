/** The firmware on the M5Stack CoreS3 as it is wired, from its chips' models: it starts, shows keys on its glass, sells and prints. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { padPlaces } from "../../firmware/screen/key-pad.ts";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { quickOf } from "../available.ts";
import { coreS3Ground, solderCoreS3 } from "./cores3-board.ts";

/** What a tap-only terminal with keys on its glass has to do, typed by fingers. */
const scenarios = ["sale-tap", "mastercard-tap", "card-torn-tap", "bad-card-tap-silent"];

const entry = { path: fileURLToPath(new URL("cores3-entry.ts", import.meta.url)) };
const engines = await quickOf(["xs", "xs32"], "the CoreS3");

const runs = [
  ...scenarios.map((name) => ({ name, ...coreS3Ground() })),
  // From another process nobody tells which keys are shown: what is typed there is typed where a keypad is.
  ...engines.map((engine) => ({ name: "sale-tap", ground: xsGround(engine, { entry }), keysNow: () => padPlaces })),
];

for (const { name, ground, keysNow } of runs) {
  test(`a scenario of p1 goes the same way on a CoreS3, its keys on the glass, on ${ground.name}: ${name}`, async () => {
    let soldered: ReturnType<typeof solderCoreS3> | undefined;
    const result = await runScenario({
      file: `${name}.yaml`,
      text: readFileSync(new URL(`../flow/${name}.yaml`, import.meta.url), "utf8"),
      ground,
      prepare: (simulation) => {
        soldered = solderCoreS3(simulation, keysNow);
      },
    });
    assert.is(result.failure?.message, undefined);
    assert.ok(result.passed);
    const { panel, touch, contactless, expander, power } = soldered!;
    assert.ok(panel.visible);
    for (const chip of [panel, touch, contactless, expander, power]) assert.is(chip.protocolErrors, 0);
    // The date on paper is the real-time clock's: Node's ground has none.
    for (const { text } of result.receipts) assert.match(text.join("\n"), /2026[-/]11[-/]23/);
  });
}

test.run();
