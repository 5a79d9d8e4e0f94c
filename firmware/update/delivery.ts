import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { headLength, parsePackageHead } from "./package.ts";
import { type PackageProblem, type PackageRules, problemOf } from "./package-check.ts";
import { canCount, clear, hasContentOf, headIn, markWhole, roomOf, wholeBlocksOf } from "./slot.ts";

/** A package on its way into a slot. */
export interface Delivery {
  readonly slot: Flash;
  /** Bytes of the whole package. */
  readonly length: number;
  /** The byte that is expected next. */
  offset: number;
}

/** What a delivery may fail on beyond what is wrong with the package. */
export type DeliveryProblem = PackageProblem | "room" | "incomplete" | "content";

/**
 * Begins a delivery, or goes on with that of the same package where the power went: after the last block that is whole.
 * What else was in the slot counts no more. Throws `FormatError` for a head that cannot be read.
 * @param head the first 512 bytes of the package
 * @param generation under which it is to count one day
 */
export function beginDelivery(
  slot: Flash,
  head: Uint8Array,
  generation: number,
  rules: PackageRules,
): Delivery | DeliveryProblem {
  const parsed = parsePackageHead(head);
  const problem = problemOf(parsed, rules);
  if (problem !== undefined) return problem;
  const length = headLength + parsed.length;
  if (length > roomOf(slot)) return "room";
  const whole = wholeBlocksOf(slot) * slot.status().blockLength;
  if (
    whole >= headLength &&
    canCount(slot, generation) &&
    equal(slot.read(headLength, 0), head.subarray(0, headLength))
  )
    return { slot, length, offset: Math.min(whole, length) };
  clear(slot);
  return { slot, length, offset: 0 };
}

/**
 * Writes the next bytes of the package, as many as came; each block that they fill is noted as whole.
 * Throws `RangeError` for bytes behind its end.
 */
export function deliver(delivery: Delivery, bytes: Uint8Array): void {
  const { slot, length } = delivery;
  const { blockLength } = slot.status();
  if (bytes.length > length - delivery.offset) throw new RangeError("behind the package");
  for (let done = 0; done < bytes.length; ) {
    const inBlock = delivery.offset % blockLength;
    const block = (delivery.offset - inBlock) / blockLength;
    if (inBlock === 0) slot.eraseBlock(block);
    const piece = bytes.subarray(done, done + blockLength - inBlock);
    slot.write(piece, delivery.offset);
    done += piece.length;
    delivery.offset += piece.length;
    if (delivery.offset % blockLength === 0 || delivery.offset === length) markWhole(slot, block);
  }
}

/** What is wrong with the package that stands in the slot, every byte of it; undefined: it may be made to count. */
export function deliveredProblemOf(slot: Flash, rules: PackageRules): DeliveryProblem | undefined {
  const head = headIn(slot);
  if (head === undefined) return "incomplete";
  const problem = problemOf(head, rules);
  if (problem !== undefined) return problem;
  if (wholeBlocksOf(slot) * slot.status().blockLength < headLength + head.length) return "incomplete";
  return hasContentOf(slot, head) ? undefined : "content";
}
