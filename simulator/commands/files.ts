import { closeSync, existsSync, openSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { orUsage, UsageError } from "./arguments.ts";

/** Asks before the work begins, and leaves an older file as it is until the new one stands. */
export function mustBeWritable(file: string): void {
  orUsage(() => closeSync(openSync(file, "a")));
}

/** Refuses to write over what is read, and one file over another; a link is the file that it leads to. */
export function mustBeOthers(written: readonly string[], read: readonly string[]): void {
  const taken = new Set(read.map(place));
  for (const file of written) {
    if (taken.has(place(file))) throw new UsageError(`${file} is named twice: it would be written over`);
    taken.add(place(file));
  }
}

function place(file: string): string {
  return existsSync(file) ? realpathSync(file) : resolve(file);
}
