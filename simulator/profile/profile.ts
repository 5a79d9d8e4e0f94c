import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../make-folder.ts";
import { replaceFile } from "../replace-file.mjs";
import type { KeptWorld } from "./kept-world.ts";
import { lock } from "./lock.ts";
import { ProfileError, readProfile, writeProfile } from "./profile-file.ts";

/** Only its owner reads it: the terminal's (TEST) keys are in it. */
const MODE = 0o600;

/** A folder in which a terminal, its bank and its cards outlive the run; taken by one process at a time. */
export class Profile {
  /** What was kept; undefined where nothing was. */
  readonly kept: KeptWorld | undefined;
  readonly #file: string;
  readonly #release: () => void;

  /**
   * Opens the folder, which is made where there is none; `isErased` forgets what was kept. Throws `LockedError`, and
   * `ProfileError` (with the file's name in its text) for a file that cannot be read, which stays as it is.
   */
  constructor(folder: string, isErased = false) {
    makeFolder(folder);
    this.#release = lock(folder);
    this.#file = join(folder, "profile.jsonl");
    try {
      if (isErased) rmSync(this.#file, { force: true });
      this.kept = this.#read();
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** Keeps a world in place of what was kept: all of it, or where the machine fails the one before. */
  keep(world: KeptWorld): void {
    replaceFile(this.#file, writeProfile(world), { mode: MODE });
  }

  close(): void {
    this.#release();
  }

  #read(): KeptWorld | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return readProfile(text);
    } catch (error) {
      if (error instanceof ProfileError) throw new Error(`${this.#file}: ${error.message}`);
      throw error;
    }
  }
}
