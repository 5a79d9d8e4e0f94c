import type { Closable } from "./io.ts";

export interface PrinterState {
  readonly online: boolean;
  readonly paper: "present" | "low" | "out";
  readonly cover: "closed" | "open";
  readonly head: "normal" | "hot";
}

/** A thermal raster printer. */
export interface Printer extends Closable {
  /** Dots a row (384 for 58 mm paper at 203 dpi). */
  readonly width: number;
  readonly state: PrinterState;
  /** Rows that `write` takes now, 0 while not online; `onWritable` is called when 0 has become more. */
  readonly writable: number;
  /** Prints whole rows of `width / 8` bytes, MSB left, 1 = black: takes all or throws `RangeError`. */
  write(rows: Uint8Array): void;
  /** Moves the paper by so many rows. */
  feed(rows: number): void;
  /** Cuts, or feeds to the tear bar where there is no cutter. */
  cut(): void;
  /**
   * Asks the printer for its state and whether all that was written is on paper; `done` gets the state, or an error
   * when the printer does not answer. All is on paper when the state is `online`; otherwise what was not printed has
   * been dropped and is to be written again from its beginning.
   */
  finish(done: (error: "offline" | undefined, state?: PrinterState) => void): void;
}
