import type { TerminalApplication } from "../application.ts";
import type { SessionData } from "../data.ts";
import type { CardChannel } from "../exchange.ts";
import type { AuthorityKeySource } from "../keys.ts";
import type { KernelOutcome } from "./outcome.ts";
import type { PreparedApplication } from "./preprocessing.ts";
import type { TornLog } from "./torn.ts";

/** What kernels use of the terminal besides the card. */
export interface TapTools {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** So many fresh random bytes. */
  readonly random: (length: number) => Uint8Array;
  /** The payment systems' keys. */
  readonly keys: AuthorityKeySource;
  /** True for a card that was read and whose number is in the exception file (EMV 4.3 Book 4, 6.3.5). */
  readonly isReported: (data: SessionData) => boolean;
  /** The merchant wants the host to be asked (EMV 4.3 Book 3, 10.6). */
  readonly forceOnline: boolean;
  /** Taps that broke off at their cryptogram. */
  readonly torn: TornLog;
}

/** One activation of a kernel by Entry Point (EMV contactless Book B, 3.4). */
export interface KernelSession {
  readonly card: CardChannel;
  /** The selected application's file control information and all of the terminal's elements. */
  readonly data: SessionData;
  readonly application: TerminalApplication;
  /** What pre-processing found for this application. */
  readonly prepared: PreparedApplication;
  /** Minor units. */
  readonly amount: number;
  readonly tools: TapTools;
}

/** A kernel: the talk with one selected application, to its outcome. Rejects with `CardError` or `FormatError`. */
export type Kernel = (session: KernelSession) => Promise<KernelOutcome>;
