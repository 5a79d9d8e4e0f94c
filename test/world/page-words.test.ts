import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { allCards } from "../../simulator/cards/cards.ts";
import { readStepText } from "../../simulator/web/page/panel/step-text.ts";
import { CARDS_ZH } from "../../simulator/web/page/words/cards-zh.ts";

const FLOWS = new URL("../flow/", import.meta.url);

test("every card of the drawer says in Chinese too what it does, and no card that is gone does", () => {
  assert.equal(Object.keys(CARDS_ZH).sort(), [...allCards().keys()].sort());
});

test("a step typed on the page means what the same line means in a scenario file", () => {
  const files = readdirSync(FLOWS).filter((name) => name.endsWith(".yaml"));
  const lines = files.flatMap((name) => readFileSync(new URL(name, FLOWS), "utf8").split("\n"));
  const steps = [...new Set(lines)].filter((line) => /^ {2}- \w+: \S.*[^{[,]$/.test(line) && !line.includes("#"));
  assert.ok(steps.length > 500, `${steps.length} steps`);
  for (const line of steps) assert.equal(readStepText(line), (parse(line) as unknown[])[0], line);
});

test("what is no step is not sent", () => {
  for (const text of [
    "",
    "network",
    "network:",
    ": up",
    "network: { lose: response",
    "host: { respond: }",
    "tap: [a",
  ]) {
    assert.is(readStepText(text), undefined, text);
  }
});

test.run();
