import type { Closable } from "./io.ts";

/** A finger on the glass. */
export interface TouchPoint {
  /** The same for one finger from its landing to its leaving. */
  readonly id: number;
  /** Pixels of the display under the glass, from the top left corner. */
  readonly x: number;
  readonly y: number;
}

/** A touch panel (ECMA-419, Touch class pattern): `onReadable` (given at opening) says that `read` has something. */
export interface Touch extends Closable {
  /**
   * The fingers that are on the glass, as of the next change that has not been read, or `undefined`; none when the last finger
   * has left. No landing and no leaving is left out; of a finger's way only its end may be told.
   */
  read(): readonly TouchPoint[] | undefined;
}
