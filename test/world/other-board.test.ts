/**
 * The same firmware on a board with other chips: keys on the glass, ST7796, GT911, PN5180, a card's own line, PCF8563. On XS
 * too, and there in the memory that an ESP32 board has.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CardManner } from "../../simulator/chips/card-chip.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { quickOf } from "../available.ts";
import { glassGround, solderGlassBoard } from "./other-board.ts";

const scenarios = [
  "sale-tap",
  "sale-chip",
  "chip-dynamic-signature",
  "sale-magstripe",
  "mastercard-tap",
  "card-torn-tap",
  "bad-card-tap-silent",
  "power-cut-tapped-while-starting",
];
const byBytes: CardManner = { protocol: 0 };
const byBlocks: CardManner = { protocol: 1, informationSize: 254, speed: 0x13 };

const entry = { path: fileURLToPath(new URL("glass-entry.ts", import.meta.url)) };
const engines = await quickOf(["xs", "xs32"], "a board with glass");

type Run = readonly [ground: Ground, scenario: string, manner: CardManner];
const runs: readonly Run[] = [
  ...scenarios.map((name): Run => [glassGround(), name, byBytes]),
  ...["sale-chip", "chip-dynamic-signature", "chip-combined-signature"].map(
    (name): Run => [glassGround(), name, byBlocks],
  ),
  ...engines.flatMap((name): Run[] => [
    [xsGround(name, { entry }), "sale-tap", byBytes],
    [xsGround(name, { entry }), "sale-chip", byBlocks],
  ]),
];

/** What a device can still do that lacks readers and whatever else is not needed for it. */
const poor = [
  ["sale-tap", ["chip", "magstripe", "tamper", "register", "scanner"]],
  ["sale-chip", ["contactless", "magstripe", "tamper", "register", "scanner"]],
  ["sale-magstripe", ["chip", "contactless", "tamper", "register", "scanner"]],
] as const;

for (const [name, lacks] of poor) {
  test(`a device without ${lacks.join(", ")} sells by what it has, and asks for no other card: ${name}`, async () => {
    const text = readFileSync(new URL(`../flow/${name}.yaml`, import.meta.url), "utf8");
    const titles: string[] = [];
    const result = await runScenario({
      file: `${name}.yaml`,
      text,
      ground: glassGround(lacks),
      prepare: (simulation) => {
        solderGlassBoard(simulation);
        simulation.board.recorders.push(({ screen, values }) => {
          if (screen === "present-card") titles.push(values.title ?? "");
        });
      },
    });
    assert.is(result.failure?.message, undefined);
    assert.ok(titles.length > 0);
    for (const title of titles) assert.is(title, "Present the card");
  });
}

test("a device with glass and an antenna, and nothing else, sells", async () => {
  const steps = [
    "press: 8 8 00 ENTER",
    "tap: unionpay-tap",
    "expect: { screen: approved, amount: 88.00 }",
    "expect: { screen: idle }",
    "ledger: { card: unionpay-tap, debited: 88.00 }",
    "audit: true",
  ];
  const result = await runScenario({
    file: "antenna only",
    text: [
      "name: An antenna is enough",
      "terminal: { language: en }",
      "steps:",
      ...steps.map((step) => `  - ${step}`),
    ].join("\n"),
    ground: glassGround(["chip", "magstripe", "printer", "tamper", "register"]),
    prepare: (simulation) => {
      solderGlassBoard(simulation);
    },
  });
  assert.is(result.failure?.message, undefined);
  assert.equal(result.receipts, []);
});

for (const [ground, name, manner] of runs) {
  test(`a scenario of p1 goes the same way on a board with glass, cards by T=${manner.protocol}, on ${ground.name}: ${name}`, async () => {
    const file = new URL(`../flow/${name}.yaml`, import.meta.url);
    let soldered: ReturnType<typeof solderGlassBoard> | undefined;
    const result = await runScenario({
      file: `${name}.yaml`,
      text: readFileSync(file, "utf8"),
      ground,
      prepare: (simulation) => {
        soldered = solderGlassBoard(simulation, manner);
      },
    });
    assert.is(result.failure?.message, undefined);
    assert.ok(result.passed);
    const { panel, touch, contactless, slot } = soldered!;
    assert.ok(panel.visible);
    for (const chip of [panel, touch, contactless, slot]) assert.is(chip.protocolErrors, 0);
    // The date on paper is the real-time clock's: Node's ground has none.
    for (const { text } of result.receipts) assert.match(text.join("\n"), /2026[-/]11[-/]23/);
  });
}

test.run();
