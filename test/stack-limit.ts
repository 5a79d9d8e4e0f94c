import * as assert from "uvu/assert";
import type { MemoryLimits } from "../simulator/runtime/xs/ground.ts";

/**
 * Stack slots that a run may take of the device's 512. Drivers' callbacks and bigger cards need the rest: what comes
 * near must start from a turn of its own (firmware/turn.ts).
 */
const mostStackSlots = 470;

/** Asserts that a run left the device's stack its margin; grounds that do not count say nothing. */
export function assertStackMargin(metrics: Readonly<Record<string, number>>): void {
  const taken = metrics.peakStackSlots ?? 0;
  const limit = metrics.limitStackSlots ?? 0;
  if (limit !== 512) return;
  assert.ok(taken <= mostStackSlots, `${taken} of ${limit} stack slots were taken, ${mostStackSlots} may be`);
}

/** Asserts that a run went on in the heap that it should, and ended by itself in it; `limits` undefined: the ground has none. */
export function assertHeapLimits(metrics: Readonly<Record<string, number>>, limits: MemoryLimits | undefined): void {
  if (limits === undefined) return;
  // One slot of the heap is its own.
  assert.is(metrics.limitSlots, limits.slots - 1);
  if (limits.chunks > 0) assert.is(metrics.limitChunkBytes, limits.chunks);
  assert.ok((metrics.liveSlots ?? 0) > 0 && (metrics.liveChunkBytes ?? 0) > 0, "the ground measured nothing");
}
