import type { FlashPeer } from "../io/board.ts";
import { SeededRandom } from "../world/random.ts";

/** What the firmware asked of the flash when the power went. */
export type FlashOperation =
  | { readonly kind: "program"; readonly partition: string; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly kind: "erase"; readonly partition: string; readonly block: number };

/** Way 1 is the chip's own chance: what its model leaves (`../chips/nor-flash.ts`). */
const UNDONE = 2;
const DONE = 3;
/** How many ways a cut is made where nobody says otherwise: chance, nothing done, all done, another chance. */
export const USUAL_WAYS = 4;
export const MOST_WAYS = 99;

/**
 * Leaves on the flash what one of the ways from 2 on leaves of an operation: 2 nothing of it, 3 all of it, and nobody
 * heard that it was done, 4 and more some of it, other bits for each number.
 */
export function leaves(flash: FlashPeer, operation: FlashOperation, way: number, place: number): void {
  if (way === UNDONE) return;
  const random = way === DONE ? undefined : new SeededRandom(way, `cut at ${place}`);
  if (operation.kind === "program") programs(flash, operation, random);
  else erases(flash, operation, random);
}

/** Bytes from the first on; the one at which it stops may have some of its bits. */
function programs(
  flash: FlashPeer,
  { partition, bytes, offset }: FlashOperation & { readonly kind: "program" },
  random: SeededRandom | undefined,
): void {
  const whole = random?.below(bytes.length + 1) ?? bytes.length;
  const left = bytes.slice(0, Math.min(bytes.length, whole + 1));
  if (whole < bytes.length) left[whole]! |= random?.below(256) ?? 0;
  if (left.length > 0) flash.program(partition, left, offset);
}

/** Some bytes are blank, some half, the rest as before. */
function erases(
  flash: FlashPeer,
  { partition, block }: FlashOperation & { readonly kind: "erase" },
  random: SeededRandom | undefined,
): void {
  const offset = block * flash.blockLength;
  const left = flash.read(partition, flash.blockLength, offset);
  flash.erase(partition, block);
  if (random === undefined) return;
  const done = random.below(256);
  for (let at = 0; at < left.length; at++) {
    if (random.below(256) < done) left[at] = 0xff;
    else if (random.below(2) === 1) left[at]! |= random.below(256);
  }
  flash.program(partition, left, offset);
}
