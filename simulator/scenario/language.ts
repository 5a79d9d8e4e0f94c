import type { CardChanges } from "../cards/copy.ts";
import type { AccountStatus, CardDefinition } from "../cards/definition.ts";
import { type Place, readYaml, ScenarioError } from "./document.ts";
import { audit, journal, ledger, receipt } from "./steps/books.ts";
import { insert, remove, swipe, tap } from "./steps/cards.ts";
import { expect, never } from "./steps/expect.ts";
import { battery, clock, host, keys, network, power, printer, replace, restart, tamper } from "./steps/faults.ts";
import { repeat, wait } from "./steps/flow.ts";
import { choose, hex, pin, press, retype } from "./steps/keys.ts";
import { phone, scan } from "./steps/phones.ts";
import { connect, disconnect, order, pair, register } from "./steps/register.ts";
import { beep, hear, lights } from "./steps/signs.ts";
import type { ReadContext, ReadStep, StepReader } from "./steps/step.ts";

const STEPS: Readonly<Record<string, StepReader>> = {
  press,
  retype,
  hex,
  pin,
  choose,
  insert,
  tap,
  swipe,
  remove,
  phone,
  scan,
  wait,
  repeat,
  expect,
  never,
  lights,
  beep,
  hear,
  receipt,
  ledger,
  journal,
  audit,
  order,
  register,
  connect,
  disconnect,
  pair,
  network,
  host,
  power,
  printer,
  battery,
  tamper,
  keys,
  restart,
  replace,
  clock,
};

/** Currencies whose amounts have no decimals (ISO 4217). */
const WITHOUT_MINOR_UNIT: ReadonlySet<string> = new Set(["JPY", "KRW", "VND", "CLP"]);

/** A scenario as read from its file. */
export interface Scenario {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed: number | undefined;
  /** Cards over those that ship. */
  readonly copies: readonly CardDefinition[];
  readonly steps: readonly ReadStep[];
}

/** What exists in the world: keys, cards, parameters by name. */
export interface Names {
  readonly isKey: (name: string) => boolean;
  readonly isCard: (name: string) => boolean;
  /** A card as that one, but for the changes. Throws `Error` with a sentence where there can be none. */
  readonly copyOf: (card: string, changes: CardChanges) => CardDefinition;
  /** Accounts of the host: cards by name, and a card's further applications as `card/application`. */
  readonly isAccount: (name: string) => boolean;
  readonly isPhone: (name: string) => boolean;
  readonly isParameter: (name: string) => boolean;
  /** What a parameter may be that is one of a few words; undefined for others. */
  readonly parameterWords: (name: string) => readonly string[] | undefined;
  /** States of a transaction in the terminal's journal. */
  readonly states: readonly string[];
  /** Kinds of paper that come out of the printer. */
  readonly copies: readonly string[];
}

/** Reads a scenario; throws `ScenarioError` with the line of the first mistake. */
export function readScenario(text: string, names: Names): Scenario {
  const entries = readYaml(text).map("the scenario", ["name", "terminal", "seed", "cards", "steps"]);
  const top = entries.get("name") ?? readYaml(text).fail('the scenario needs "name"');
  const parameters: Record<string, unknown> = {};
  for (const [name, place] of entries.get("terminal")?.map("terminal") ?? []) {
    if (!names.isParameter(name)) place.fail(`there is no parameter "${name}"`);
    const words = names.parameterWords(name);
    parameters[name] = words === undefined ? place.plain() : place.word(name, words);
  }
  const copies = (entries.get("cards")?.list("cards") ?? []).map((place) => readCopy(place, names));
  const isCopy = (name: string): boolean => copies.some((copy) => copy.name === name);
  const isCard = (name: string): boolean => names.isCard(name) || isCopy(name);
  const isAccount = (name: string): boolean => names.isAccount(name) || isCopy(name);
  const context = contextOf({ ...names, isCard, isAccount }, parameters.currency);
  const steps = entries.get("steps") ?? top.fail('the scenario needs "steps"');
  if (steps.list("steps").length === 0) steps.fail("a scenario without steps shows nothing");
  return {
    name: top.text("name"),
    parameters,
    seed: entries.get("seed")?.integer("seed"),
    copies,
    steps: context.steps(steps),
  };
}

/** `cards: [{ of: CARD, name: NAME, balance, pin, status, expires }]`: a card as that one, but for what is said. */
function readCopy(item: Place, names: Names): CardDefinition {
  const entries = item.map("a card", ["of", "name", "balance", "pin", "status", "expires"]);
  const text = (key: string): string => (entries.get(key) ?? item.fail(`a card needs "${key}"`)).text(key);
  const [of, name] = [text("of"), text("name")];
  if (!names.isCard(of)) item.fail(`there is no card "${of}"`);
  if (names.isCard(name)) item.fail(`there is a card "${name}" already`);
  try {
    return names.copyOf(of, {
      name,
      ...(entries.has("balance") ? { balance: entries.get("balance")!.amount("balance") } : {}),
      ...(entries.has("pin") ? { pin: text("pin") } : {}),
      ...(entries.has("status") ? { status: text("status") as AccountStatus } : {}),
      ...(entries.has("expires") ? { expires: text("expires") } : {}),
    });
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    return item.fail(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the text of a list of steps by itself, for a terminal of that currency; throws as `readScenario` does. */
export function readSteps(text: string, names: Names, currency: unknown): readonly ReadStep[] {
  return contextOf(names, currency).steps(readYaml(text));
}

function contextOf(names: Names, currency: unknown): ReadContext {
  const context: ReadContext = {
    isKey: names.isKey,
    isCard: names.isCard,
    isAccount: names.isAccount,
    isPhone: names.isPhone,
    states: names.states,
    copies: names.copies,
    currencyDigits: WITHOUT_MINOR_UNIT.has(String(currency)) ? 0 : 2,
    steps: (list) => list.list("steps").map((item) => readStep(item, context)),
  };
  return context;
}

function readStep(item: Place, context: ReadContext): ReadStep {
  const entries = [...item.map("a step")];
  const first = entries[0];
  if (first === undefined || entries.length !== 1) item.fail("a step has one key");
  const [name, value] = first as [string, Place];
  const read = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (read === undefined) item.fail(`unknown step "${name}" (known: ${Object.keys(STEPS).join(", ")})`);
  return { line: item.line, name, act: (read as StepReader)(value, context) };
}
