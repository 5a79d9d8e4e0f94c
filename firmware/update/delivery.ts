import { headLength, parsePackageHead } from "./package.ts";
import { type PackageProblem, type PackageRules, problemOf } from "./package-check.ts";
import {
  begin,
  eraseBlock,
  hasContentOf,
  headIn,
  isOpenFor,
  markWhole,
  roomOf,
  type Spare,
  wholeBlocksOf,
  writeContent,
} from "./spare.ts";

/** A package's content on its way into the spare slot. */
export interface Delivery {
  readonly spare: Spare;
  /** Bytes of content. */
  readonly length: number;
  /** The byte of content that is expected next. */
  offset: number;
}

/** What a delivery may fail on beyond what is wrong with the package. */
export type DeliveryProblem = PackageProblem | "room" | "incomplete" | "content";

/**
 * Begins a delivery, or goes on with that of the same package where the power or the line went: after the last block that
 * is whole. What else was there counts no more. Throws `FormatError` for a head that cannot be read.
 * @param head the first 512 bytes of the package
 */
export function beginDelivery(spare: Spare, head: Uint8Array, rules: PackageRules): Delivery | DeliveryProblem {
  const { length, ...parsed } = parsePackageHead(head);
  const problem = problemOf({ length, ...parsed }, rules);
  if (problem !== undefined) return problem;
  if (length > roomOf(spare)) return "room";
  const judged = head.subarray(0, headLength);
  if (isOpenFor(spare, judged)) {
    const whole = wholeBlocksOf(spare) * spare.content.status().blockLength;
    return { spare, length, offset: Math.min(whole, length) };
  }
  begin(spare, judged);
  return { spare, length, offset: 0 };
}

/**
 * Writes the next bytes of content, as many as came: a multiple of sixteen, or up to the end. Each block that they fill is
 * noted as whole. Throws `RangeError` for another number of bytes.
 */
export function deliver(delivery: Delivery, bytes: Uint8Array): void {
  const { spare, length } = delivery;
  const { blockLength } = spare.content.status();
  const left = length - delivery.offset;
  if (bytes.length > left || (bytes.length < left && bytes.length % 16 !== 0))
    throw new RangeError("piece of a package");
  for (let done = 0; done < bytes.length; ) {
    const inBlock = delivery.offset % blockLength;
    const block = (delivery.offset - inBlock) / blockLength;
    if (inBlock === 0) eraseBlock(spare, block);
    const piece = bytes.subarray(done, done + blockLength - inBlock);
    writeContent(spare, piece, delivery.offset);
    done += piece.length;
    delivery.offset += piece.length;
    if (delivery.offset % blockLength === 0 || delivery.offset === length) markWhole(spare, block);
  }
}

/** What is wrong with the package that was delivered, every byte of it; undefined: it may be taken. */
export function deliveredProblemOf(spare: Spare, rules: PackageRules): DeliveryProblem | undefined {
  const head = headIn(spare.record);
  if (head === undefined) return "incomplete";
  const problem = problemOf(head, rules);
  if (problem !== undefined) return problem;
  if (wholeBlocksOf(spare) * spare.content.status().blockLength < head.length) return "incomplete";
  return hasContentOf(spare, head) ? undefined : "content";
}
