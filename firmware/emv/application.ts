import type { ActionCodes } from "./analysis.ts";
import type { SupportedApplication } from "./candidates.ts";

/** What the acquirer told the terminal about one application; amounts in minor units. */
export interface TerminalApplication extends SupportedApplication {
  readonly label: string;
  /** Contactless kernel number (EMV contactless Book B, 3.3.2.5); undefined: contact only. */
  readonly kernel: number | undefined;
  readonly actionCodes: ActionCodes;
  /** Tag 9F09, 2 bytes. */
  readonly version: Uint8Array;
  readonly floorLimit: number;
  /** Above it a tap is not offered. */
  readonly contactlessLimit: number;
  /** From it on a tap needs the holder's verification. */
  readonly contactlessCvmLimit: number;
  /** Terminal transaction qualifiers (9F66), 4 bytes, before the amount is looked at. */
  readonly transactionQualifiers: Uint8Array;
}
