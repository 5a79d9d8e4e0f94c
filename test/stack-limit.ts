import * as assert from "uvu/assert";

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

/**
 * Slots and bytes of chunks that may survive a collection on a device of 4,927 slots and 78,848 bytes. What the SDK's TLS
 * takes comes on top: chunks leave its 24 KB free everywhere; slots leave its 1,000 in sales by stripe, tap and chip,
 * not yet where a batch is uploaded, a card goes back in the middle, or a line is judged anew at the end of a long day
 * (simulator/runtime/README.md).
 */
const mostLive = Object.freeze({ slots: 4_780, chunks: 54_000 });

/** Asserts that what a run kept left the device's heap its margin; grounds without its limits say nothing. */
export function assertHeapMargin(metrics: Readonly<Record<string, number>>): void {
  const { liveSlots = 0, liveChunkBytes = 0, limitSlots, limitChunkBytes } = metrics;
  if (limitSlots !== 4_927 || limitChunkBytes !== 78_848) return;
  assert.ok(liveSlots > 0 && liveChunkBytes > 0, "the ground measured nothing");
  assert.ok(liveSlots <= mostLive.slots, `${liveSlots} of ${limitSlots} slots were alive, ${mostLive.slots} may be`);
  assert.ok(
    liveChunkBytes <= mostLive.chunks,
    `${liveChunkBytes} of ${limitChunkBytes} bytes of chunks were alive, ${mostLive.chunks} may be`,
  );
}
