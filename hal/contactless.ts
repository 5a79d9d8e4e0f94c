import type { CardCompletion } from "./chip.ts";
import type { Closable } from "./io.ts";

/** What lies in the field: `none`, `card` (one ISO/IEC 14443-4 card, activated), `collision` (more than one). */
export type FieldState = "none" | "card" | "collision";

/** A contactless coupler (ISO/IEC 14443). Polling runs between `start` and `stop`. */
export interface Contactless extends Closable {
  /** `onStateChange` was called because this changed. */
  readonly state: FieldState;
  /** Switches the field on and looks for cards. */
  start(): void;
  /** Switches the field off; a pending `transmit` ends with `removed`. */
  stop(): void;
  /** Exchanges one command APDU for its response APDU with SW1 SW2; waiting-time extensions are the driver's. */
  transmit(command: Uint8Array, done: CardCompletion): void;
  /** Releases the card and goes on looking for it to leave: state becomes `none` when it has. */
  release(): void;
}
