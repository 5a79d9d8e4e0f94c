import type { Flash } from "../../hal/io.ts";
import type { FirmwareSlots } from "../../hal/update.ts";
import {
  chosenSlot,
  firstBlockOf,
  isOver,
  markChosen,
  markKept,
  markTrial,
  mostTrials,
  type Spare,
  trialsOf,
} from "./spare.ts";

/**
 * What a start finds of new firmware: none that anything is still to be done about; this is it, and has not shown yet that it
 * works; it did not show that it works and is tried again; it never did in all its trials, and nobody was told.
 */
export type Trial = "none" | "here" | "again" | "failed";

/** @param slots asked only where firmware was chosen */
export function trialOf(record: Flash, slots: () => FirmwareSlots): Trial {
  const slot = chosenSlot(record);
  if (slot === undefined || isOver(record)) return "none";
  if (slots().running() === slot) return "here";
  return trialsOf(record) < mostTrials ? "again" : "failed";
}

/** From now on the firmware that was delivered and judged is tried. */
export function choose(spare: Spare, slots: FirmwareSlots): void {
  markChosen(spare, slots.running() === 0 ? 1 : 0);
}

/** Notes a trial and has the next start be one. Throws what `FirmwareSlots.start` throws. */
export function tryChosen(spare: Spare, slots: FirmwareSlots): void {
  markTrial(spare.record);
  slots.start(firstBlockOf(spare));
}

/** The firmware that is on trial works. The record says so last: what is confirmed twice is confirmed once. */
export function confirm(record: Flash, slots: FirmwareSlots): void {
  slots.keep();
  markKept(record);
}
