import type { Closable } from "./io.ts";

/** A real-time clock with a battery of its own (ECMA-419, RTC class pattern). */
export interface RealTimeClock extends Closable {
  /**
   * Milliseconds since 1970-01-01T00:00:00Z, of which the clock knows whole seconds; `undefined` where it was never set, its
   * battery was empty since, or it shows no date that there is. Throws where the clock does not answer.
   */
  read(): number | undefined;
  /** Sets the clock. Throws `RangeError` for a time that it cannot show, and where it does not answer. */
  write(time: number): void;
}
