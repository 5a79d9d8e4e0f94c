import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { allCards } from "../../simulator/cards/cards.ts";
import { allPhones } from "../../simulator/cards/phone/definition.ts";
import { SCREEN_IDS } from "../../simulator/scenario/screen-ids.ts";
import { readStepText } from "../../simulator/web/page/panel/step-text.ts";
import { CARDS_ZH } from "../../simulator/web/page/words/cards-zh.ts";
import { PHONES_ZH } from "../../simulator/web/page/words/phones-zh.ts";
import { inBoth } from "../../simulator/web/words/differences-zh.ts";
import { SCREENS_ZH } from "../../simulator/web/words/screen-names.ts";

const FLOWS = new URL("../flow/", import.meta.url);

test("every card of the drawer says in Chinese too what it does, and no card that is gone does", () => {
  assert.equal(Object.keys(CARDS_ZH).sort(), [...allCards().keys()].sort());
});

test("every screen has a name in Chinese, and no screen that is gone has", () => {
  assert.equal(Object.keys(SCREENS_ZH).sort(), [...SCREEN_IDS].sort());
});

/** The sentences of a source's templates; what is put into them is a number. */
function sentencesOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const sentences: string[] = [];
  for (let at = code.indexOf("`"); at >= 0; at = code.indexOf("`", at + 1)) {
    let text = "";
    for (at++; code[at] !== "`"; at++) {
      if (code[at] === "$" && code[at + 1] === "{") {
        text += code.slice(at + 2, at + 7) === "doubt" ? "" : "17";
        for (let depth = 0; ; at++) {
          if (code[at] === "{") depth++;
          if (code[at] === "}" && --depth === 0) break;
        }
      } else text += code[at];
    }
    sentences.push(text);
  }
  return sentences;
}

test("whatever the audits find is said in Chinese too", () => {
  const sources = ["audit.ts", "fee-audit.ts"].map((name) => new URL(`../../simulator/world/${name}`, import.meta.url));
  const said = sources.flatMap((url) =>
    sentencesOf(readFileSync(url, "utf8")).filter((text) => text.split(" ").length > 4),
  );
  assert.ok(said.length >= 15, said.join("\n"));
  for (const text of said) if (!/^(, |no rate)/.test(text)) assert.match(inBoth(text).zh, /[\u4e00-\u9fff]/, text);
  assert.is(inBoth("something new").zh, "something new");
});

test("every phone says in Chinese too what it does, and no phone that is gone does", () => {
  assert.equal(Object.keys(PHONES_ZH).sort(), [...allPhones().keys()].sort());
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
