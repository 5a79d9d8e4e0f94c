import type { Closable } from "./io.ts";

/** A picture: RGB565 pixels, low byte first, row by row. The caller owns the pixels and wipes them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A camera. `onReadable` (given at opening) says that `read` has a picture. */
export interface Camera extends Closable {
  /** Takes pictures one after the other. Does nothing while it does. */
  start(): void;
  /** Takes no more, and forgets the one that was not read. */
  stop(): void;
  /** The newest picture, once, or `undefined`; older ones that nobody read are gone. */
  read(): Picture | undefined;
}
