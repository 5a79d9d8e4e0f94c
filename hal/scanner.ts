import type { Closable } from "./io.ts";

/** A scanner of barcodes and QR codes. `onReadable` (given at opening) says that `read` has something. */
export interface Scanner extends Closable {
  /** Looks for a code until one is found or `stop`. Does nothing while it looks. */
  start(): void;
  /** Stops looking. A code that was on its way is dropped. */
  stop(): void;
  /** The bytes of a code that was found, or `undefined`; the caller owns them and wipes them: a wallet's code is money. */
  read(): Uint8Array | undefined;
}
