/** One process a folder: its number stands in a file that only one can make. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../process-alive.ts";

/** Somebody else has it. */
export class LockedError extends Error {
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}`);
    this.name = "LockedError";
  }
}

/** Takes the folder for this process; gives what lets it go. Throws `LockedError`. */
export function lock(folder: string): () => void {
  const file = join(folder, "lock");
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    while (!linked(own, file)) takeFromDead(folder, file);
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves the file of a process that is gone out of the way; one that another process has just put there goes back. */
function takeFromDead(folder: string, file: string): void {
  const owner = ownerOf(file);
  if (owner !== undefined && isAlive(owner)) throw new LockedError(folder, owner);
  const aside = `${file}.${process.pid}.aside`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = ownerOf(aside);
  if (moved !== undefined && isAlive(moved)) {
    linked(aside, file);
    rmSync(aside);
    throw new LockedError(folder, moved);
  }
  rmSync(aside);
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
