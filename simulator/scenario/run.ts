import { eyesReady } from "../cards/phone/eyes.ts";
import type { KeptWorld } from "../profile/kept-world.ts";
import type { Ground } from "../runtime/ground.ts";
import { live } from "../runtime/life.ts";
import { worldNames } from "../world/names.ts";
import { Simulation } from "../world/simulation.ts";
import { Actor, type Script } from "./actor.ts";
import { ScenarioError } from "./document.ts";
import { readScenario, type Scenario } from "./language.ts";
import { observe } from "./observe.ts";
import type { Recording } from "./recording.ts";
import type { JournalLine, PaperPiece } from "./stage.ts";

export interface ScenarioRun {
  readonly file: string;
  readonly text: string;
  readonly ground: Ground;
  /** Over the scenario's own seed. */
  readonly seed?: number;
  readonly recording?: Recording;
  /** Over the scenario's own; what the scenario says of books and papers, which is in its language, is passed over then. */
  readonly language?: string;
  /** What an earlier run left, where this one's is to be kept too (by `prepare`'s world). */
  readonly kept?: KeptWorld;
  /** Changes the world before the power comes: what is in the flash, what the host knows. */
  readonly prepare?: (simulation: Simulation) => void;
}

/** What `xspos run --json` prints for one scenario; amounts in minor units, PANs masked. */
export interface ScenarioResult {
  readonly name: string;
  readonly file: string;
  readonly ground: string;
  readonly passed: boolean;
  readonly failure?: { readonly step: number; readonly message: string };
  readonly screens: readonly string[];
  readonly receipts: readonly Pick<PaperPiece, "copy" | "text">[];
  readonly host: readonly object[];
  readonly ledger: object;
  readonly journal: readonly Pick<JournalLine, "stan" | "state" | "amount">[];
  readonly virtualTimeMs: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Steps that look at what a scenario left in books and on paper, and change nothing. */
const BOOKS: ReadonlySet<string> = new Set(["receipt", "ledger", "journal", "audit", "never"]);

/** How long the terminal may go on (printing, saying goodbye) when the last step is done, in virtual milliseconds. */
const AFTERMATH = 3_000;

/** Acts one scenario out on a ground. Never throws for what the file says or the firmware does: that is the result. */
export async function runScenario(run: ScenarioRun): Promise<ScenarioResult> {
  let scenario: Scenario;
  try {
    scenario = readScenario(run.text, worldNames);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { ...emptyResult(run), failure: { step: 0, message: `${run.file}: ${error.message}` } };
  }
  const seed = run.seed ?? scenario.seed ?? 1;
  const { language } = run;
  const parameters = { ...scenario.parameters, ...(language === undefined ? {} : { language }) };
  const { copies } = scenario;
  if (run.kept !== undefined && copies.length > 0) {
    const message = `${run.file}: a profile keeps no cards but those that ship`;
    return { ...emptyResult(run), failure: { step: 0, message } };
  }
  const simulation = new Simulation({ seed, parameters, ...(run.kept === undefined ? {} : { kept: run.kept }) });
  for (const copy of copies) simulation.issue(copy);
  if (run.recording !== undefined) observe(simulation, run.recording, { file: run.file, text: run.text, seed });
  run.prepare?.(simulation);
  const started = performance.now();
  const steps = language === undefined ? scenario.steps : scenario.steps.filter(({ name }) => !BOOKS.has(name));
  const failure = await act(simulation, steps, run.ground);
  const realTimeMs = performance.now() - started;
  return {
    name: scenario.name,
    file: run.file,
    ground: run.ground.name,
    passed: failure.failure === undefined,
    ...(failure.failure === undefined ? {} : { failure: failure.failure }),
    screens: simulation.screens.map((record) => record.screen),
    receipts: simulation.papers().map(({ copy, text }) => ({ copy, text })),
    host: simulation.bank.log(),
    ledger: simulation.bank.books(),
    journal: simulation.journal().map(({ stan, state, amount }) => ({ stan, state, amount })),
    virtualTimeMs: Math.round(simulation.world.now),
    metrics: {
      ...failure.metrics,
      cardExchanges: simulation.cardExchanges,
      ...workOf(simulation),
      realTimeMs: Math.round(realTimeMs * 100) / 100,
    },
  };
}

/** Instructions over the last card, all and by part; nothing on a ground that does not count. */
function workOf({ cardWork }: Simulation): Readonly<Record<string, number>> {
  if (cardWork === undefined) return {};
  const { all, ...parts } = cardWork;
  const entries = Object.entries(parts).map(([part, count]) => [`${part}Instructions`, count]);
  return { cardInstructions: all, ...Object.fromEntries(entries) };
}

interface Acted {
  readonly failure?: { readonly step: number; readonly message: string };
  readonly metrics: Readonly<Record<string, number>>;
}

async function act(simulation: Simulation, steps: Scenario["steps"], ground: Ground): Promise<Acted> {
  const { world } = simulation;
  let step = 0;
  let failure: Acted["failure"];
  function* script(): Script {
    for (const { act } of steps) {
      step++;
      yield* act(simulation);
    }
  }
  const actor = new Actor(world, script(), (error) => {
    if (error === undefined) {
      world.after(AFTERMATH, () => world.stop());
      return;
    }
    failure ??= { step, message: error instanceof Error ? error.message : String(error) };
    world.stop();
  });
  let checked = 0;
  simulation.onChange.push(() => {
    for (; checked < simulation.screens.length; checked++) {
      const { screen } = simulation.screens[checked]!;
      if (simulation.never.has(screen)) actor.fail(new Error(`the screen ${screen} must never show`));
    }
    actor.poke();
  });
  actor.start();
  await eyesReady();
  const end = await live(ground, simulation.board);
  if (end.crashed !== undefined) failure ??= { step, message: `the firmware crashed: ${end.crashed}` };
  return { ...(failure === undefined ? {} : { failure }), metrics: end.metrics };
}

function emptyResult(run: ScenarioRun): ScenarioResult {
  return {
    name: "",
    file: run.file,
    ground: run.ground.name,
    passed: false,
    screens: [],
    receipts: [],
    host: [],
    ledger: {},
    journal: [],
    virtualTimeMs: 0,
    metrics: {},
  };
}
