import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";

function play(...steps: readonly string[]): Promise<ScenarioResult> {
  const text = ["name: Dark", "steps:", ...steps.map((step) => `  - ${step}`)].join("\n");
  return runScenario({ file: "dark.yaml", text, ground: nodeGround });
}

test("a screen that stood when the power went is not to be seen on a dark terminal", async () => {
  const { passed, failure } = await play("expect: { screen: idle }", "power: cut", "expect: { screen: idle }");
  assert.not.ok(passed);
  assert.is(failure?.step, 3);
  assert.match(failure?.message ?? "", /the terminal has no power, it showed at last: idle/);
});

test("switching a terminal on that has power calls off the cut that has not come", async () => {
  const sale = ["press: 1 00 ENTER", "tap: unionpay-tap", "expect: { screen: approved }", "expect: { screen: idle }"];
  const armed = ["expect: { screen: idle }", "power: { cutAtFlashOperation: 3 }"];
  assert.not.ok((await play(...armed, ...sale)).passed);
  const { passed, failure } = await play(...armed, "power: on", ...sale);
  assert.ok(passed, failure?.message);
});

test("a cut that a dark terminal is to suffer stays when it is switched on", async () => {
  const { screens, passed } = await play(
    "expect: { screen: idle }",
    "power: cut",
    "power: { cutAtFlashOperation: 3 }",
    "power: on",
    "press: 1 00 ENTER",
    "tap: unionpay-tap",
    "wait: 30s",
    "power: on",
    "expect: { screen: idle }",
  );
  assert.ok(passed);
  assert.is(screens.filter((screen) => screen === "boot").length, 3);
});

test.run();
