import type { Closable } from "./io.ts";

/**
 * The two places that firmware is started from: it runs in one, what is to replace it comes into the other (the partition
 * "nextota", as the Moddable SDK names it). Not part of ECMA-419.
 */
export interface FirmwareSlots extends Closable {
  /** The one that this very firmware was started from. */
  running(): 0 | 1;
  /**
   * Puts the first block into the other slot, where the rest of the image is already, and has the next start go there, once:
   * unless what is started says `keep`, the start after that is this firmware's again. A power cut within it leaves the next
   * start to this firmware. Throws `RangeError` where the image is none
   * that the boot loader would start.
   */
  start(firstBlock: Uint8Array): void;
  /** What runs here works: every start is its own from now on. May be said again. */
  keep(): void;
}
export type FirmwareSlotsConstructor = new (options: Record<string, never>) => FirmwareSlots;
