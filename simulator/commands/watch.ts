import { type ChildProcess, spawn } from "node:child_process";
import { type FSWatcher, watch as watchPath } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = fileURLToPath(new URL("../xspos.mjs", import.meta.url));
/** What a terminal and its world are made of. */
const sources = ["firmware", "hal", "simulator"].map((name) => `${root}${name}`);
/** Editors write a file in several steps; so long after the last of them the run begins, in milliseconds. */
const quiet = 150;

/**
 * Runs `xspos run` with these words now, and again whenever one of the files or anything under the terminal's and the world's
 * sources has changed; a run that is under way is given up. Until it is interrupted.
 */
export function watchAndRun(args: readonly string[], files: readonly string[]): Promise<number> {
  let child: ChildProcess | undefined;
  let due: NodeJS.Timeout | undefined;
  const again = (): void => {
    child?.kill();
    child = spawn(process.execPath, [command, "run", ...args], { stdio: "inherit" });
    child.once("close", (_status, signal) => {
      if (signal === null) process.stderr.write("waiting for a change; Ctrl+C ends it\n");
    });
  };
  const changed = (_event: string, name: string | Buffer | null): void => {
    if (String(name ?? "").startsWith(".")) return;
    clearTimeout(due);
    due = setTimeout(again, quiet);
  };
  const folders = new Set(files.map((file) => dirname(file)));
  const watchers: FSWatcher[] = [
    ...sources.map((source) => watchPath(source, { recursive: true }, changed)),
    ...[...folders].map((folder) => watchPath(folder, changed)),
  ];
  again();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(due);
      child?.kill();
      for (const watcher of watchers) watcher.close();
      resolve(0);
    };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}
