import { pause, type Script } from "../actor.ts";
import type { Place } from "../document.ts";
import type { Stage } from "../stage.ts";

/** What a step does, once it has been read. */
export type Act = (stage: Stage) => Script;

/** A row of the language: reads the step's value (failing with its line) and gives what to do. */
export type StepReader = (value: Place, context: ReadContext) => Act;

/** What reading needs to know: the names that exist, and the language itself for steps inside of steps. */
export interface ReadContext {
  readonly isKey: (name: string) => boolean;
  readonly isCard: (name: string) => boolean;
  readonly isAccount: (name: string) => boolean;
  readonly isPhone: (name: string) => boolean;
  readonly states: readonly string[];
  readonly copies: readonly string[];
  readonly currencyDigits: number;
  readonly steps: (list: Place) => readonly ReadStep[];
}

export interface ReadStep {
  readonly line: number;
  readonly name: string;
  readonly act: Act;
}

/** A script that does one thing at once. */
export function atOnce(action: (stage: Stage) => void): Act {
  return function* (stage) {
    action(stage);
    yield pause(0);
  };
}

/** What people take to do the next thing, in virtual milliseconds. */
export const HUMAN_PAUSE = 300;
/** How long an expectation waits, in virtual milliseconds. */
export const PATIENCE = 120_000;
