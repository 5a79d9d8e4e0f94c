/**
 * `npm test -- --all`, as CI runs it: also what takes minutes to repeat at more places what a shorter test promises.
 * Says in one line what this run leaves to `npm test -- --all`; gives whether it is asked for.
 */
export function askedForAll(what: string): boolean {
  const everything = process.env.XSPOS_TEST_EVERYTHING === "1";
  if (!everything) console.log(`SKIPPED: ${what}: run npm test -- --all`);
  return everything;
}
