import { Actor } from "../scenario/actor.ts";
import type { ReadStep } from "../scenario/steps/step.ts";
import type { Simulation } from "../world/simulation.ts";

/** A step that is to be taken, and who hears of its end: nothing where it held, else what did not. */
export interface AskedStep {
  readonly step: ReadStep;
  readonly ended: (failure: string | undefined) => void;
}

/** Takes steps of the scenario language one after the other, in the world's own time. */
export class StepRunner {
  readonly #simulation: Simulation;
  readonly #waiting: AskedStep[] = [];
  #actor: Actor | undefined;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    simulation.onChange.push(() => this.#actor?.poke());
  }

  /** Whether a step is being taken. */
  get isBusy(): boolean {
    return this.#actor !== undefined;
  }

  /** To be called from within the world. */
  take(asked: AskedStep): void {
    this.#waiting.push(asked);
    if (this.#actor === undefined) this.#next();
  }

  #next(): void {
    const asked = this.#waiting.shift();
    if (asked === undefined) return;
    const { world } = this.#simulation;
    this.#actor = new Actor(world, asked.step.act(this.#simulation), (error) => {
      this.#actor = undefined;
      asked.ended(error === undefined ? undefined : error instanceof Error ? error.message : String(error));
      this.#next();
    });
    this.#actor.start();
  }
}
