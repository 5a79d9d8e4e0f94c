/** Grounds and programs that a machine may lack: tests that need them are left out here, and fail in CI. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ground, GroundUnavailable } from "../simulator/runtime/ground.ts";
import { type GroundName, groundOf } from "../simulator/runtime/grounds.ts";
import { askedFor } from "./everything.ts";

/**
 * Says in one loud line what cannot be tested here, and why (what to install). With CI set that is a test which fails.
 * For a file's top level, so that there is one line a file, not one a test.
 */
export function leftOut(what: string, reason: string): void {
  if (process.env.CI === undefined) console.log(`SKIPPED: ${what}: ${reason}`);
  else test(`${what} must be there in CI`, () => assert.unreachable(reason));
}

/** The ground of that name; undefined, and `leftOut` has said so, where it cannot be had. */
export async function available(name: GroundName, what: string): Promise<Ground | undefined> {
  try {
    return await groundOf(name);
  } catch (error) {
    if (!(error instanceof GroundUnavailable)) throw error;
    leftOut(`${what} on ${name}`, error.message);
    return undefined;
  }
}

/** Those of the grounds that can be had here. */
export async function availableOf<Name extends GroundName>(names: readonly Name[], what: string): Promise<Name[]> {
  const found: Name[] = [];
  for (const name of names) if ((await available(name, what)) !== undefined) found.push(name);
  return found;
}

/** Those of the grounds that can be had here; without `--all` those that this machine does not emulate. */
export async function quickOf<Name extends GroundName>(names: readonly Name[], what: string): Promise<Name[]> {
  return availableOf(await askedFor(names, what), what);
}
