import { KEY_PLACES } from "../chips/p1.ts";
import { pause, type Script, type Wait } from "../scenario/actor.ts";
import type { Simulation } from "../world/simulation.ts";
import { auditPaper } from "./paper-audit.ts";

/** How long it stays dark, in virtual milliseconds. */
const DARK = 2_000;
/** How often the person looks, and how long a screen must have stood to be answered or believed. */
const LOOK = 1_000;
/** How long the person waits for the terminal, for the customer's sale, and for the books. */
const PATIENCE = 10 * 60_000;
/** How often an amount is typed before somebody gives up. */
const TRIES = 3;
/** What somebody does at a screen that waits for him. */
type Answers = Readonly<Record<string, (simulation: Simulation) => Script>>;
const pressing =
  (...keys: readonly string[]) =>
  (simulation: Simulation): Script =>
    press(simulation, keys);
const ANSWERS: Answers = {
  "paper-out": pressing("ENTER"),
  "printer-error": pressing("ENTER"),
  "confirm-approval": pressing("ENTER"),
  // Where operators sign on, what was begun before is given up, and somebody signs on again.
  password: pressing("CANCEL"),
  "enter-number": pressing("CANCEL"),
  menu: pressing("CANCEL"),
  *"operator-sign-on"(simulation) {
    yield* press(simulation, wasRefused(simulation) ? newOperator(simulation) : FIRST_OPERATOR);
  },
  *"out-of-service"(simulation) {
    simulation.caseSwitch.close();
    simulation.loadKeys();
    yield pause(DARK);
  },
};
/** The TEST operator with the TEST password, if there is one still. */
const FIRST_OPERATOR = keysOf("CANCEL 0 1 ENTER 0 0 0 0 ENTER CANCEL");

/** The supervisor adds an operator, who signs on and chooses another password; whose number that is does not matter. */
function newOperator({ screens }: Simulation): readonly string[] {
  const number = [...String(10 + (screens.length % 80))].join(" ");
  const list = "CANCEL 0 0 ENTER 0 0 0 0 0 0 ENTER ENTER ENTER";
  return keysOf(
    `${list} ${number} ENTER 4 7 1 1 ENTER 4 7 1 1 ENTER ENTER CANCEL ${number} ENTER 4 7 1 1 ENTER 2 5 8 0 ENTER 2 5 8 0 ENTER`,
  );
}

/** Whether somebody has tried a number since the start who is no operator any more, or is locked, or has another password. */
function wasRefused({ screens }: Simulation): boolean {
  const start = screens.findLastIndex(({ screen }) => screen === "boot");
  return screens.slice(start).some(({ screen, values }) => screen === "password" || values.wrong === "true");
}

function keysOf(text: string): readonly string[] {
  return text.split(" ");
}

/** One more sale, of 5.00, and what its customer does besides. */
const AMOUNT = ["5", "00", "ENTER"] as const;
const CUSTOMER: Answers = {
  ...ANSWERS,
  "enter-pin": pressing("1", "2", "3", "4", "5", "6", "ENTER"),
  *"remove-card"(simulation) {
    yield pause(LOOK);
    simulation.remove();
  },
};
/** How a further customer pays, and by which application: terminals that do not know it see another card. */
const PAYMENTS: readonly { readonly application: string; readonly pay: (simulation: Simulation) => void }[] = [
  { application: "A000000333010102", pay: (simulation) => simulation.tap(["unionpay-tap"]) },
  { application: "A000000333010101", pay: (simulation) => simulation.insert("unionpay-chip-debit") },
  { application: "A0000000031010", pay: (simulation) => simulation.tap(["visa-tap"]) },
];
/** By stripe every terminal is paid. */
const STRIPE = (simulation: Simulation): void => simulation.swipe("magstripe-credit");

/**
 * What a person does when the power is gone, whatever the scenario had broken: mends the world, switches the terminal on
 * (again, where the power goes once more), waits until it is idle, sells to one more customer, and compares terminal, host
 * and paper. Throws `Error` for what does not hold. Differences that are `accepted` are not held against it.
 *
 * @param customer which further customer comes: those whose numbers follow one another pay by different cards
 * @param patience how many customers may come until one is not refused
 * @param recovered called once, when the terminal is idle for the first time
 */
export function* aftercare(
  simulation: Simulation,
  accepted: (difference: string) => boolean,
  customer: number,
  recovered: () => void,
  patience = 1,
): Script {
  mend(simulation);
  yield* untilScreen(simulation, ["idle"], "the terminal was to be idle");
  recovered();
  let refusal: string[] = [];
  for (let come = 0; come < patience && (come === 0 || refusal.length > 0); come++) {
    refusal = yield* sell(simulation, paymentOf(simulation, customer));
    yield* untilScreen(simulation, ["idle"], "the terminal was to be idle after a sale", CUSTOMER);
  }
  const differences = yield* untilBooksAgree(simulation, accepted);
  const problems = [...refusal.filter((problem) => !accepted(problem)), ...differences];
  if (problems.length > 0) throw new Error(problems.join("; "));
}

/** The customer's own way to pay where the terminal takes it. */
function paymentOf({ parameters }: Simulation, customer: number): (simulation: Simulation) => void {
  const { application, pay } = PAYMENTS[customer % PAYMENTS.length]!;
  const known = parameters.aids as readonly { readonly aid: string }[];
  return known.some(({ aid }) => aid === application) ? pay : STRIPE;
}

/** Puts right what a scenario may have broken around the terminal, and lets go of what was held. */
function mend(simulation: Simulation): void {
  const { network, host, printer, chips } = simulation;
  network.set({ kind: "up" });
  host.normal();
  if (chips.paper.left === 0) printer.paper(true);
  printer.cover(false);
  printer.hot(false);
  simulation.remove();
  for (const key of Object.keys(KEY_PLACES)) simulation.key(key, false);
}

/** Waits until one of the screens stands; switches the terminal on and answers it meanwhile. */
function* untilScreen(
  simulation: Simulation,
  wanted: readonly string[],
  what: string,
  answers: Answers = ANSWERS,
): Script {
  const { world, board, screens } = simulation;
  const until = world.now + PATIENCE;
  let from = screens.length - (board.powered ? 1 : 0);
  while (world.now < until) {
    if (!board.powered) {
      from = screens.length;
      yield pause(DARK);
      simulation.power.on();
    }
    yield pause(LOOK);
    const shown = screens.length > from ? screens.at(-1) : undefined;
    if (shown === undefined || world.now - shown.at < LOOK) continue;
    if (wanted.includes(shown.screen)) return;
    const answer = answers[shown.screen];
    if (answer !== undefined) yield* answer(simulation);
  }
  throw new Error(
    `${what}; it shows ${screens.at(-1)?.screen ?? "nothing"}: ${JSON.stringify(screens.at(-1)?.values)}`,
  );
}

/** Gives what went wrong: a customer who is refused does not keep the books from being compared. */
function* sell(simulation: Simulation, pay: (simulation: Simulation) => void): Generator<Wait, string[], void> {
  const { screens, world } = simulation;
  // What the terminal does first, such as a settlement that goes on, takes no keys: they are pressed again.
  for (let tries = 0; tries < TRIES && screens.at(-1)?.screen !== "present-card"; tries++) {
    yield* press(simulation, AMOUNT);
    yield* untilScreen(simulation, ["present-card", "idle"], "a further sale was to ask for a card");
  }
  const from = screens.length;
  pay(simulation);
  const until = world.now + PATIENCE;
  while (!screens.slice(from).some(({ screen }) => screen === "approved")) {
    const now = screens.at(-1);
    if (world.now > until || now?.screen === "idle") {
      const seen = screens.slice(from).map(({ screen }) => screen);
      return [`a further sale was to be approved: ${seen.join(", ")}`];
    }
    const answer = CUSTOMER[now?.screen ?? ""];
    if (answer !== undefined) yield* answer(simulation);
    yield pause(LOOK);
  }
  return [];
}

function* press(simulation: Simulation, keys: readonly string[]): Script {
  for (const key of keys) {
    simulation.key(key, true);
    yield pause(100);
    simulation.key(key, false);
    yield pause(300);
  }
}

function disputesOf(simulation: Simulation): ReadonlySet<string> {
  const disputed = simulation.journal().filter(({ state }) => state === "disputed");
  return new Set(disputed.map(({ stan }) => stan));
}

/** Waits until nothing is owed or in doubt, and every book says the same; gives what still differs in the end. */
function* untilBooksAgree(
  simulation: Simulation,
  accepted: (difference: string) => boolean,
): Generator<Wait, string[], void> {
  const { world } = simulation;
  const until = world.now + PATIENCE;
  for (;;) {
    const differences = simulation.audit().filter((difference) => !accepted(difference));
    const paper = auditPaper(simulation.papers(), simulation.bank.payments(), disputesOf(simulation));
    const all = [...differences, ...paper];
    if (all.length === 0) return [];
    if (world.now >= until) return [`the books differ: ${all.join("; ")}`];
    yield pause(20 * LOOK);
  }
}
