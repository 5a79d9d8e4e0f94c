import type { XsGround } from "../../simulator/runtime/xs/bundle.ts";
import { startXs, type XsExit, type XsOptions } from "../../simulator/runtime/xs/ground.ts";
import { quickOf } from "../available.ts";

/** The XS grounds that can be had on this machine; without `--all` those that it does not emulate. */
export const grounds: readonly XsGround[] = await quickOf(["xs", "xs32", "rv32"], "the engine's own tests");

export interface Run {
  readonly exit: XsExit;
  readonly lines: readonly string[];
}

/** Runs the text of a module to its end and gives what it printed. */
export async function runText(
  ground: XsGround,
  text: string,
  options: Omit<XsOptions, "ground" | "entry"> = {},
): Promise<Run> {
  const lines: string[] = [];
  const xs = await startXs({ onPrint: (line) => lines.push(line), ...options, ground, entry: { text } });
  xs.hangUp();
  return { exit: await xs.exit, lines };
}
