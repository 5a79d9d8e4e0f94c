import type { Closable } from "./io.ts";

/** A sound of one pitch, or a pause where it has none. */
export interface Note {
  /** 100 to 10,000, or 0 for a pause. */
  readonly hertz: number;
  /** 1 to 5,000. */
  readonly milliseconds: number;
}

/** What beeps. */
export interface Buzzer extends Closable {
  /** Plays at most 32 notes one after the other, in place of what still sounds; none makes it silent. */
  play(notes: readonly Note[]): void;
}
