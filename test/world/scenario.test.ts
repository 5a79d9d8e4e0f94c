import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CardChanges } from "../../simulator/cards/copy.ts";
import { ScenarioError } from "../../simulator/scenario/document.ts";
import { readScenario } from "../../simulator/scenario/language.ts";
import { worldNames } from "../../simulator/world/names.ts";

const names = {
  isKey: (name: string) => ["1", "ENTER"].includes(name),
  isCard: (name: string) => name === "card-a",
  copyOf: (_: string, changes: CardChanges) => worldNames.copyOf("unionpay-tap", changes),
  isAccount: (name: string) => name === "card-a",
  isPhone: (name: string) => name === "phone-a",
  isParameter: (name: string) => ["language", "operator"].includes(name),
  parameterWords: (name: string) => (name === "language" ? ["zh", "en"] : undefined),
  states: ["approved"],
  copies: ["merchant"],
};

function mistake(text: string): ScenarioError {
  try {
    readScenario(text, names);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error("the scenario was taken");
}

const wrong: readonly (readonly [string, string, number, RegExp])[] = [
  ["an unknown phone", "name: a\nsteps:\n  - phone: { wallet: none, show: code }\n", 3, /there is no phone "none"/],
  [
    "a phone that does nothing",
    "name: a\nsteps:\n  - phone: { wallet: phone-a }\n",
    3,
    /phone takes one of show, scan/,
  ],
  [
    "a phone that does two things",
    "name: a\nsteps:\n  - phone: { wallet: phone-a, show: code, confirm: true }\n",
    3,
    /phone takes one of/,
  ],
  [
    "a phone that scans without a word of paying",
    "name: a\nsteps:\n  - phone: { wallet: phone-a, scan: display }\n",
    3,
    /scan needs "pay"/,
  ],
  [
    "an amount where nothing is scanned",
    "name: a\nsteps:\n  - phone: { wallet: phone-a, show: code, amount: 1.00 }\n",
    3,
    /"amount" goes with scan/,
  ],
  [
    "a wallet that there is not",
    "name: a\nsteps:\n  - ledger: { wallet: card-a, debited: 1.00 }\n",
    3,
    /no account "card-a"/,
  ],
  ["an unknown step", "name: a\nsteps:\n  - press: 1\n  - dance: true\n", 4, /unknown step "dance"/],
  [
    "a copy of no card",
    "name: a\ncards:\n  - { of: none, name: b }\nsteps:\n  - insert: b\n",
    3,
    /there is no card "none"/,
  ],
  [
    "a copy under a name that is taken",
    "name: a\ncards:\n  - { of: card-a, name: card-a }\nsteps: []\n",
    3,
    /there is a card "card-a" already/,
  ],
  ["a copy with half a PIN", "name: a\ncards:\n  - { of: card-a, name: b, pin: 12 }\nsteps: []\n", 3, /a PIN has 4/],
  ["an unknown key at the top", "name: a\ncolour: red\nsteps: []\n", 2, /unknown key "colour"/],
  [
    "an unknown key in a step",
    "name: a\nsteps:\n  - ledger:\n      card: card-a\n      credited: 1.00\n",
    5,
    /"credited"/,
  ],
  ["a key that no keypad has", "name: a\nsteps:\n  - press: 1 F9\n", 3, /no key "F9"/],
  ["a card that does not exist", "name: a\nsteps:\n  - insert: card-b\n", 3, /no card "card-b"/],
  ["a screen that does not exist", "name: a\nsteps:\n  - expect: { screen: aproved }\n", 3, /no screen "aproved"/],
  ["an unknown parameter", "name: a\nterminal:\n  langauge: en\nsteps: []\n", 3, /no parameter "langauge"/],
  ["a language that nobody speaks", "name: a\nterminal:\n  language: fr\nsteps: []\n", 3, /no language "fr"/],
  [
    "a state of no transaction",
    "name: a\nsteps:\n  - journal: { state: aproved, count: 0 }\n",
    3,
    /no state "aproved"/,
  ],
  ["a copy that is not printed", "name: a\nsteps:\n  - receipt: { copy: marchant, count: 0 }\n", 3, /no copy "march/],
  ["a response code that is none", 'name: a\nsteps:\n  - host: { respond: "0" }\n', 3, /two characters/],
  ["no steps", "name: a\nsteps: []\n", 2, /shows nothing/],
  ["two steps in one", "name: a\nsteps:\n  - press: 1\n    wait: 1s\n", 3, /one key/],
  ["an amount with three decimals", "name: a\nsteps:\n  - ledger: { card: card-a, debited: 1.234 }\n", 3, /amount/],
  ["a duration without a unit", "name: a\nsteps:\n  - wait: 30\n", 3, /duration/],
  ["a file that is no YAML", "name: [a\nsteps: }", 2, /./],
  [
    "a mistake inside of repeat",
    "name: a\nsteps:\n  - repeat:\n      times: 2\n      steps:\n        - hop: 1\n",
    6,
    /"hop"/,
  ],
];

for (const [what, text, line, message] of wrong) {
  test(`${what} is refused with its line`, () => {
    const error = mistake(text);
    assert.match(error.message, message);
    assert.is(error.line, line);
  });
}

test("a scenario is read with its name, seed and parameters", () => {
  const scenario = readScenario("name: b\nseed: 7\nterminal: { language: en }\nsteps:\n  - press: 1 ENTER\n", names);
  assert.is(scenario.name, "b");
  assert.is(scenario.seed, 7);
  assert.equal(scenario.parameters, { language: "en" });
  assert.is(scenario.steps.length, 1);
});

test.run();
