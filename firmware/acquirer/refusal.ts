import { asksForAdvice } from "../emv/field55.ts";
import type { Transaction } from "../journal/types.ts";

/**
 * A payment that a card refused by itself, inserted or tapped, and wants its issuer to know of: an advice, which moves no money and
 * goes to the host with the batch (EMV 4.3 Book 4, 12.2.5).
 */
export function isRefusal({ type, state, entryMode, chipData }: Transaction): boolean {
  return (
    type === "sale" &&
    state === "cancelled" &&
    (entryMode === "chip" || entryMode === "contactless") &&
    chipData !== undefined &&
    asksForAdvice(chipData)
  );
}
