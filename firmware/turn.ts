/**
 * Does work from a turn of its own, with nothing of the caller on the stack below it. A device's stack has some 500 slots
 * and a call takes a dozen: what goes deep by itself (drawing, the journal, drivers, the vault) must not start where a
 * flow has called a flow that has called a flow.
 * @returns what the work gives, or rejects with what it throws
 */
export function inTurnOfItsOwn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  return Promise.resolve().then(work);
}
