import { closeSync, openSync } from "node:fs";
import { orUsage } from "./arguments.ts";

/** Asks before the work begins, and leaves an older file as it is until the new one stands. */
export function mustBeWritable(file: string): void {
  orUsage(() => closeSync(openSync(file, "a")));
}
