/**
 * Does work from a turn of its own, with nothing of the caller on the stack below it. A device's stack has some 500 slots
 * and a call takes a dozen: what goes deep by itself (drawing, the journal, drivers, the vault) must not start where a
 * flow has called a flow that has called a flow.
 * @returns what the work gives, or rejects with what it throws
 */
export function inTurnOfItsOwn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  return Promise.resolve().then(work);
}

/**
 * The same for what goes on by itself: `await turnOfItsOwn(); await flow(services);`. Where `inTurnOfItsOwn` would wait for the
 * flow's promise with one more of its own, which takes 42 of the device's slots for as long as the flow lasts.
 */
export function turnOfItsOwn(): Promise<void> {
  return Promise.resolve();
}
