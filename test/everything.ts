import { GroundUnavailable } from "../simulator/runtime/ground.ts";
import type { GroundName } from "../simulator/runtime/grounds.ts";
import type { XsGround } from "../simulator/runtime/xs/bundle.ts";
import { isEmulated } from "../simulator/runtime/xs/ground.ts";

/**
 * `npm test -- --all`, as CI runs it: also what takes minutes to repeat at more places what a shorter test promises.
 * Says in one line what this run leaves to `npm test -- --all`; gives whether it is asked for.
 */
export function askedForAll(what: string): boolean {
  const everything = process.env.XSPOS_TEST_EVERYTHING === "1";
  if (!everything) console.log(`SKIPPED: ${what}: run npm test -- --all`);
  return everything;
}

/** Those of the grounds that this machine's processor runs by itself; with `--all` the emulated ones too. Builds no emulation. */
export async function askedFor<Name extends GroundName>(names: readonly Name[], what: string): Promise<Name[]> {
  const asked: Name[] = [];
  for (const name of names) {
    const emulated = name !== "node" && (await isEmulatedHere(name));
    if (!emulated || askedForAll(`${what} on ${name}, which is emulated on this machine`)) asked.push(name);
  }
  return asked;
}

/** False for a ground that cannot be had: whoever wants it hears why. */
async function isEmulatedHere(name: XsGround): Promise<boolean> {
  try {
    return await isEmulated(name);
  } catch (error) {
    if (error instanceof GroundUnavailable) return false;
    throw error;
  }
}
