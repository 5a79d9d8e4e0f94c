import { eyesReady } from "../cards/phone/eyes.ts";
import { type FlashPeer, PowerCut } from "../io/board.ts";
import type { Ground, Metrics } from "../runtime/ground.ts";
import { live } from "../runtime/life.ts";
import { Actor, type Script } from "../scenario/actor.ts";
import { readScenario, type Scenario } from "../scenario/language.ts";
import { worldNames } from "../world/names.ts";
import { Simulation } from "../world/simulation.ts";
import { aftercare } from "./aftercare.ts";
import { type FlashOperation, leaves } from "./ways.ts";

/** A scenario whose power is to be cut. */
export interface Victim {
  readonly file: string;
  readonly text: string;
  readonly ground: Ground;
  /** Over the scenario's own seed. */
  readonly seed?: number;
  /** Changes the world before the power comes. What the audit says then is not held against the run. */
  readonly prepare?: (simulation: Simulation) => void;
  /** Disputes that the scenario leaves to a supervisor without any cut: what `withoutCut` found. */
  readonly disputes?: readonly string[];
}

/** Where the power is cut: at which flash operation of the scenario, counted from 1, and at which one after that. */
export interface Cut {
  readonly first: number;
  readonly second?: number;
  /** What is left of the operations that are cut (ways.ts); absent: 1, the chip's own chance. */
  readonly way?: number;
}

/** Something other than a power cut that a scenario does not know of. */
export interface Trouble {
  /** Prepares it in a new world; `begins` is to be called when it strikes. */
  readonly arm: (simulation: Simulation, begins: () => void) => void;
  /** How long people watch before they let go of the script and put things right, in virtual milliseconds. */
  readonly watched: number;
  /** Which further customer comes, and how often one may come until nobody is refused any more. */
  readonly customer: number;
  readonly patience: number;
  /** Differences that the trouble explains. */
  readonly explains: (difference: string) => boolean;
}

/** What a run came to. */
export interface Outcome {
  /** What does not hold: none when the terminal recovered, sells, and all books agree. */
  readonly problems: readonly string[];
  /** Flash operations of the scenario, or after the first cut until the terminal was idle again. */
  readonly operations: number;
  /** What the bank refused to reverse without a cut and a supervisor has, or had, to clear, in the audit's words. */
  readonly disputes: readonly string[];
  readonly simulation: Simulation;
  readonly metrics: Metrics;
}

/** How long the terminal may go on (printing, saying goodbye) when the scenario's last step is done, in virtual milliseconds. */
const AFTERMATH = 3_000;
/** What the audit says of a dispute, and of the transaction that it names. */
const DISPUTE = /in doubt: (?:\d{6} is )?disputed$/;

/** Acts the scenario out without a cut, and the aftercare behind it: how many flash operations there are to be cut. */
export function withoutCut(victim: Victim): Promise<Outcome> {
  return run(victim, undefined);
}

/** Acts the scenario out until the power goes, and what follows. Never throws for what the firmware does. */
export function withCut(victim: Victim, cut: Cut): Promise<Outcome> {
  return run(victim, cut);
}

/** Acts the scenario out until the trouble strikes, and what follows. Never throws for what the firmware does. */
export function withTrouble(victim: Victim, trouble: Trouble): Promise<Outcome> {
  return run(victim, undefined, trouble);
}

async function run(victim: Victim, cut: Cut | undefined, trouble?: Trouble): Promise<Outcome> {
  const scenario = readScenario(victim.text, worldNames);
  await eyesReady();
  const simulation = new Simulation({
    seed: victim.seed ?? scenario.seed ?? 1,
    parameters: scenario.parameters,
  });
  victim.prepare?.(simulation);
  const before = victim.prepare === undefined ? [] : simulation.audit();
  const known = new Set([...before, ...(victim.disputes ?? [])]);
  const accepted = (difference: string): boolean =>
    known.has(difference) || (cut === undefined && DISPUTE.test(difference)) || trouble?.explains(difference) === true;
  const problems: string[] = [];
  const act = new Act(simulation, scenario, cut, accepted, problems, trouble);
  const disputes = new Set<string>();
  const takeDisputes = (): void => {
    for (const difference of simulation.audit()) if (DISPUTE.test(difference)) disputes.add(difference);
  };
  if (cut === undefined) simulation.board.recorders.push(({ screen }) => screen === "disputed" && takeDisputes());
  const end = await live(victim.ground, simulation.board);
  if (end.crashed !== undefined) problems.push(`the firmware crashed: ${end.crashed}`);
  else act.finished();
  if (cut === undefined) takeDisputes();
  return { problems, operations: act.operations, disputes: [...disputes], simulation, metrics: end.metrics };
}

/** The two persons of a run, one after the other: who follows the script, and who comes when the power is gone. */
class Act {
  readonly #simulation: Simulation;
  readonly #cut: Cut | undefined;
  readonly #accepted: (difference: string) => boolean;
  readonly #problems: string[];
  readonly #trouble: Trouble | undefined;
  /** Flash operations since the beginning, and at the first cut. */
  #count = 0;
  #countAtCut: number | undefined;
  #cutAgain = false;
  /** The scenario's step that is acted out, counted from 1. */
  #step = 0;
  #scriptEnded = false;
  #letGo = false;
  #over = false;
  #actor: Actor;
  operations = 0;

  constructor(
    simulation: Simulation,
    scenario: Scenario,
    cut: Cut | undefined,
    accepted: (difference: string) => boolean,
    problems: string[],
    trouble: Trouble | undefined,
  ) {
    this.#simulation = simulation;
    this.#cut = cut;
    this.#accepted = accepted;
    this.#problems = problems;
    this.#trouble = trouble;
    trouble?.arm(simulation, () => this.#troubleBegan(trouble));
    const { board, world } = simulation;
    if (board.flash !== undefined) board.flash = this.#watched(board.flash);
    this.#actor = new Actor(world, this.#script(scenario), (error) => this.#scriptEnds(error));
    simulation.onChange.push(() => this.#actor.poke());
    this.#actor.start();
  }

  /** To be called when the run is over: says so when it ended before everything was done. */
  finished(): void {
    if (!this.#over) this.#problems.push("the run ended before the terminal had recovered");
    else if (this.#cut?.second !== undefined && !this.#cutAgain && this.#problems.length === 0)
      this.#problems.push("the terminal had recovered before the power went again");
  }

  *#script(scenario: Scenario): Script {
    for (const step of scenario.steps) {
      this.#step++;
      yield* step.act(this.#simulation);
    }
  }

  #scriptEnds(error: unknown): void {
    const { world } = this.#simulation;
    if (this.#scriptEnded) return;
    this.#scriptEnded = true;
    if (error !== undefined) {
      this.#end(new Error(`step ${this.#step}: ${error instanceof Error ? error.message : String(error)}`));
      return;
    }
    world.after(AFTERMATH, () => {
      if (this.#letGo) return;
      this.operations = this.#count;
      if (this.#trouble !== undefined) this.#end(new Error("the scenario ended before the trouble began"));
      else if (this.#cut !== undefined) this.#end(new Error("the scenario ended before the power went"));
      else this.#takeOver();
    });
  }

  /** The power went: whatever the script's person was about to do is not done. */
  #powerWent(): void {
    if (this.#countAtCut !== undefined) {
      this.#cutAgain = true;
      return;
    }
    this.#countAtCut = this.#count;
    this.#lettingGo();
    this.#takeOver();
  }

  /** The script does not know of it: people watch for a while what comes of it. */
  #troubleBegan({ watched }: Trouble): void {
    if (this.#letGo || this.#over) return;
    this.#lettingGo();
    this.#simulation.world.after(watched, () => this.#takeOver());
  }

  #lettingGo(): void {
    this.#letGo = true;
    this.#scriptEnded = true;
    this.#actor.fail(undefined);
  }

  #takeOver(): void {
    const idle = (): void => {
      if (this.#countAtCut !== undefined) this.operations = this.#count - this.#countAtCut;
    };
    const customer = this.#trouble?.customer ?? (this.#cut?.first ?? 0) + (this.#cut?.second ?? 0);
    const script = aftercare(this.#simulation, this.#accepted, customer, idle, this.#trouble?.patience);
    this.#actor = new Actor(this.#simulation.world, script, (error) => this.#end(error));
    this.#actor.start();
  }

  #end(error: unknown): void {
    this.#over = true;
    if (error !== undefined) this.#problems.push(error instanceof Error ? error.message : String(error));
    this.#simulation.world.stop();
  }

  /** The flash, with the power cut at the operations that were asked for. */
  #watched(flash: FlashPeer): FlashPeer {
    const { power } = this.#simulation;
    const operation = (asked: FlashOperation, act: () => void): void => {
      this.#count++;
      const since = this.#countAtCut === undefined ? this.#count : this.#count - this.#countAtCut;
      if (since !== (this.#countAtCut === undefined ? this.#cut?.first : this.#cut?.second)) {
        act();
        return;
      }
      try {
        const way = this.#cut?.way ?? 1;
        power.cutAtFlashOperation(way === 1 ? 1 : 0);
        if (way === 1) act();
        else leaves(flash, asked, way, since);
        power.cut();
        throw new PowerCut();
      } finally {
        this.#powerWent();
      }
    };
    return {
      size: (partition) => flash.size(partition),
      blockLength: flash.blockLength,
      read: (partition, byteLength, offset) => flash.read(partition, byteLength, offset),
      program: (partition, bytes, offset) =>
        operation({ kind: "program", partition, bytes, offset }, () => flash.program(partition, bytes, offset)),
      erase: (partition, block) => operation({ kind: "erase", partition, block }, () => flash.erase(partition, block)),
    };
  }
}
