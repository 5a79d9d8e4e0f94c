/** What people did on the page, written as a scenario that `xspos run` takes and in which the terminal shows the same. */
import { stringify } from "yaml";
import type { ScreenRecord } from "../io/board.ts";
import { HUMAN_PAUSE } from "../scenario/steps/step.ts";
import type { Course, Deed } from "./course.ts";
import type { WorldAction } from "./deeds.ts";
import type { CardCopy } from "./protocol.ts";

/** From one key of a step to the next, in virtual milliseconds (../scenario/steps/keys.ts). */
const KEY = 120;
/** Keys further apart than this are typed one by one. */
const LONGEST_GAP = 10_000;
/** Waits that are shorter are left out. */
const SHORTEST_WAIT = 5;
const PIN_SCREENS: readonly string[] = ["enter-pin", "pin-retry"];

type Step = Readonly<Record<string, unknown>>;

/** Steps that wait as a person does before they act; all others act at once. */
const MARKED: Readonly<Partial<Record<WorldAction["do"], (action: never) => Step>>> = {
  insert: ({ card }: { card: string }) => ({ insert: card }),
  tap: ({ card }: { card: string }) => ({ tap: card }),
  swipe: ({ card }: { card: string }) => ({ swipe: card }),
  remove: () => ({ remove: "card" }),
  paper: ({ wrong }: { wrong: boolean }) => ({ printer: { paper: wrong ? "out" : "in" } }),
  power: ({ wrong }: { wrong: boolean }) => ({ power: wrong ? "cut" : "on" }),
  case: ({ wrong }: { wrong: boolean }) => ({ tamper: wrong ? "open" : "closed" }),
  keys: () => ({ keys: "load" }),
};

/** Throws an `Error` where what was done is more than a scenario can say. */
export function writtenScenario(course: Course): string {
  const { simulation, deeds, pacer } = course;
  const { seed, parameters } = simulation.options;
  if (deeds.some(({ action }) => action.do === "package")) {
    throw new Error("a package was given to the host, which no scenario can say");
  }
  const writer = new Writer(simulation.screens);
  for (const deed of deeds) writer.add(deed);
  const steps = writer.end(pacer.now);
  const head = "# Written down from the page. Repeat it: npx xspos run FILE\n";
  const cards = deeds.flatMap(({ action, failed }) => (action.do === "card" && failed !== true ? [action.copy] : []));
  const scenario = {
    ...{ name: "Written down from the page", terminal: parameters, seed },
    ...(cards.length === 0 ? {} : { cards: cards.map(copyText) }),
  };
  return `${head}${stringify(scenario)}steps:\n${steps.map(stepText).join("")}`;
}

/** A card as a scenario writes it: its balance as people do. */
function copyText({ balance, expiry, ...copy }: CardCopy): object {
  return {
    ...copy,
    ...(balance === undefined ? {} : { balance: (balance / 100).toFixed(2) }),
    ...(expiry === undefined ? {} : { expires: expiry }),
  };
}

/** `  - press: 1 2 3 ENTER`, on one line. */
function stepText(step: Step): string {
  return Object.entries(step)
    .map(([name, value]) => `  - ${name}: ${isText(value) ? JSON.stringify(value) : flow(value)}\n`)
    .join("");
}

const isText = (value: unknown): boolean => typeof value === "string" && value.includes("\n");

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

interface TypedKey {
  readonly name: string;
  readonly at: number;
  readonly isPin: boolean;
}

/** Keeps the time that the scenario will have come to after each step, and waits until each deed's own. */
class Writer {
  readonly #screens: readonly ScreenRecord[];
  readonly #steps: Step[] = [];
  #keys: TypedKey[] = [];
  /** When the last step ends, and from when on screens count for the next `expect`. */
  #time = 0;
  #mark = 0;
  #expected: string | undefined;

  constructor(screens: readonly ScreenRecord[]) {
    this.#screens = screens;
  }

  add({ action, at, ended, failed, screen, held }: Deed): void {
    if (action.do === "key") {
      if (action.pressed) this.#key({ name: action.key, at, isPin: PIN_SCREENS.includes(screen ?? "") });
      return;
    }
    if (action.do === "card") return;
    this.#typeKeys();
    if (failed === true || (action.do === "remove" && held !== true)) return;
    const marked = MARKED[action.do];
    if (marked !== undefined) {
      this.#waitUntil(at - HUMAN_PAUSE, at);
      this.#push(marked(action as never), HUMAN_PAUSE);
      return;
    }
    this.#waitUntil(at, at);
    if (action.do === "network") this.#push({ network: action.wrong ? "down" : "up" }, 0);
    if (action.do === "step" && ended !== undefined) this.#push(action.step, Math.max(0, ended - this.#time));
  }

  /** The steps, up to that moment. */
  end(now: number): readonly Step[] {
    this.#typeKeys();
    this.#waitUntil(now, now + 1);
    return this.#steps.length > 0 ? this.#steps : [{ expect: { screen: "idle" } }];
  }

  /** Digits are typed together with the key that ends them. */
  #key(key: TypedKey): void {
    const last = this.#keys.at(-1);
    if (last !== undefined && (last.isPin !== key.isPin || key.at - last.at > LONGEST_GAP)) this.#typeKeys();
    this.#keys.push(key);
    if (!/^\d+$/.test(key.name)) this.#typeKeys();
  }

  /** The last of the keys goes down when it did, those before it shortly before. */
  #typeKeys(): void {
    const [first] = this.#keys;
    const last = this.#keys.at(-1);
    if (first === undefined || last === undefined) return;
    const names = this.#keys.map(({ name }) => name);
    this.#keys = [];
    this.#waitUntil(last.at - KEY * (names.length - 1) - HUMAN_PAUSE, first.at);
    const digits = names.slice(0, -1).join("");
    const isWhole = first.isPin && last.name === "ENTER" && /^\d{4,12}$/.test(digits);
    this.#push(isWhole ? { pin: digits } : { press: names.join(" ") }, HUMAN_PAUSE + KEY * names.length);
  }

  #push(step: Step, takes: number): void {
    this.#steps.push(step);
    this.#mark = this.#time;
    this.#time += takes;
  }

  /** Says which screen has come by then, up to what a person saw before the next deed, and waits for what is left. */
  #waitUntil(moment: number, seen: number): void {
    if (moment - this.#time < SHORTEST_WAIT) return;
    this.#expect(Math.min(moment, seen));
    const wait = Math.round(moment - this.#time);
    if (wait < SHORTEST_WAIT) return;
    this.#push({ wait: `${wait}ms` }, wait);
  }

  /** The newest screen that came since the last step, where it is another one than was said last. */
  #expect(moment: number): void {
    const since = this.#screens.filter(({ at }) => at >= this.#mark && at < moment);
    const newest = since.at(-1);
    if (newest === undefined || newest.at <= this.#time || newest.screen === this.#expected) return;
    const { amount } = newest.values;
    const isIt = ({ screen, values }: ScreenRecord): boolean => screen === newest.screen && values.amount === amount;
    const found = since.find(isIt)!;
    this.#steps.push({ expect: { screen: newest.screen, ...(amount === undefined ? {} : { amount }) } });
    this.#expected = newest.screen;
    this.#mark = found.at;
    this.#time = Math.max(this.#time, found.at);
  }
}
