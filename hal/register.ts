import type { Closable } from "./io.ts";

/** The line to a cash register: bytes both ways, as they come. `onReadable` says that there are some. */
export interface RegisterLine extends Closable {
  /** What has come in since; `undefined` when nothing has. */
  read(): Uint8Array | undefined;
  /** Takes all; throws `RangeError` where the line does not take as much now. */
  write(bytes: Uint8Array): void;
}
