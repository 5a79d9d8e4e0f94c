import type { Closable } from "./io.ts";

/** Why a card exchange failed: `removed` (pulled out), `mute` (no answer in time), `protocol` (rubbish), `coupler` (the reader itself). */
export type CardFault = "removed" | "mute" | "protocol" | "coupler";

/** `error` is undefined on success. */
export type CardCompletion = (error: CardFault | undefined, bytes?: Uint8Array) => void;

/** A contact chip coupler (ISO/IEC 7816-3). One operation at a time; a second one throws. */
export interface Chip extends Closable {
  /** `onStateChange` was called because this changed. */
  readonly present: boolean;
  /** Powers the card and gives its answer to reset. */
  activate(done: CardCompletion): void;
  /** Exchanges one command APDU for its response APDU with SW1 SW2 (T=0 GET RESPONSE and 6Cxx are the caller's). */
  transmit(command: Uint8Array, done: CardCompletion): void;
  /** Powers the card off; ends a pending operation with `removed`. */
  deactivate(): void;
}
