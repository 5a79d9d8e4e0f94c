import type { Closable } from "./io.ts";

/** A loudspeaker: samples of one channel, 16 bits with sign. */
export interface Speaker extends Closable {
  /** Samples a second. */
  readonly sampleRate: number;
  /** Samples that `write` takes now; `onWritable` (given at opening) is called when 0 has become more. */
  readonly writable: number;
  /** Plays these after what was written before: takes all or throws `RangeError`. */
  write(samples: Int16Array): void;
  /** 0 to 1. */
  configure(options: { readonly volume: number }): void;
  /** `done` is called, later and once, when all that was written has been played, or with an error when it never is. */
  finish(done: (error: "silent" | undefined) => void): void;
  /** Breaks off what is played; a pending `finish` ends without an error. */
  stop(): void;
}
