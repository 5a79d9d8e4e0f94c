import type { ActionCodes } from "./analysis.ts";
import type { SupportedApplication } from "./candidates.ts";
import type { TornLimits } from "./contactless/torn.ts";
import type { CombinedMode } from "./oda/combined.ts";
import type { RandomSelection } from "./risk.ts";

/** What the acquirer told the terminal about one application; amounts in minor units. */
export interface TerminalApplication extends SupportedApplication {
  readonly label: string;
  /** Contactless kernel number (EMV contactless Book B, 3.3.2.5); undefined: contact only. */
  readonly kernel: number | undefined;
  readonly actionCodes: ActionCodes;
  /** Tag 9F09, 2 bytes. */
  readonly version: Uint8Array;
  readonly floorLimit: number;
  /** The floor limit of taps (Book B, 3.1.1.6). */
  readonly contactlessFloorLimit: number;
  /** Tag 9F35 where this application has its own; absent: the terminal's. */
  readonly terminalType?: number;
  /** When a combined signature is asked for (Book 2, 6.6). */
  readonly combinedMode: CombinedMode;
  /** What a card without a list of its own signs (default DDOL; Book 2, 6.5.1); absent: the unpredictable number. */
  readonly dynamicDataList?: Uint8Array;
  /** False: no PIN goes to the host with this application. */
  readonly onlinePin?: boolean;
  /** Which amounts under the floor limit go online by chance; absent: none. */
  readonly random?: RandomSelection;
  /** The first amount that may not be tapped (Book B, 3.1.1.5); kernel 2: the last one that may (Book C-2). */
  readonly contactlessLimit: number;
  /** Kernel 2's own limit where a phone verifies its owner. */
  readonly contactlessDeviceLimit: number;
  /** From it on a tap needs the holder's verification; kernel 2: above it. */
  readonly contactlessCvmLimit: number;
  /** Terminal transaction qualifiers (9F66), 4 bytes, before the amount is looked at. */
  readonly transactionQualifiers: Uint8Array;
  /** Kernel 7: below it neither PIN nor signature, even where the card asks. */
  readonly smallAmountLimit: number;
  /** One unit of the currency asks whether the card is good (Book B, 3.1.1.3). */
  readonly statusCheck: boolean;
  readonly zeroAmountAllowed: boolean;
  /** SELECT also says what the card's directory has behind the name (Book B, 3.3.3.3). */
  readonly extendedSelection: boolean;
  /** Kernel 2: 11 bytes (contactless/relay-resistance.ts); absent: the book's values. */
  readonly relaySettings?: Uint8Array;
  /** Kernel 2: what of it is in use, DF811B (contactless/kernel-2.ts); absent: all that this terminal has. */
  readonly kernelConfiguration?: number;
  /** Kernel 2: torn taps that are remembered; absent: two, for five minutes. */
  readonly tornLimits?: TornLimits;
}
