import type { Closable } from "./io.ts";

/** A microphone: samples of one channel, 16 bits with sign. `onReadable` (given at opening) says that `read` has some. */
export interface Microphone extends Closable {
  /** Samples a second. */
  readonly sampleRate: number;
  /** Listens. Does nothing while it does. */
  start(): void;
  /** Listens no more, and forgets what was not read. */
  stop(): void;
  /** At most so many samples in their order, or `undefined`. The caller owns them and wipes them. */
  read(count: number): Int16Array | undefined;
}
