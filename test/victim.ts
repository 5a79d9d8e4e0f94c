import { readFileSync } from "node:fs";
import type { Victim } from "../simulator/crash/crash.ts";
import type { Ground } from "../simulator/runtime/ground.ts";
import { nodeGround } from "../simulator/runtime/node.ts";

/** A scenario of `test/flow`, to be cut or troubled. */
export function victimOf(flow: string, ground: Ground = nodeGround): Victim {
  const file = `${flow}.yaml`;
  return { file, text: readFileSync(new URL(`flow/${file}`, import.meta.url), "utf8"), ground };
}
