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
