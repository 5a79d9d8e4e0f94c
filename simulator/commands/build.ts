import { homedir } from "node:os";
import { shrinkBoard } from "../shrink/board.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { furnishDesktop } from "./desktop.ts";
import { boardOf, DESKTOP, mcconfig } from "./moddable.ts";

/**
 * `xspos build BOARD [--shrunk]`: the firmware for a board, by the Moddable SDK, into the SDK's own build folder; with `--shrunk` as one
 * module that takes less flash. A desktop that has no terminal yet gets what `xspos host` knows one by.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { shrunk: "boolean" });
  const board = boardOf(words);
  const status = await mcconfig("build", board, ["build"], { manifest: manifestFor(board, values.shrunk === true) });
  const furnished = status === 0 && board === DESKTOP ? furnishDesktop(homedir()) : undefined;
  if (furnished !== undefined) process.stderr.write(`TEST parameters and keys for it are in ${furnished}.\n`);
  return status;
}

/** What makes the manifest of a shrunk build; undefined for the project's own. Throws `UsageError`. */
export function manifestFor(board: string, shrunk: boolean): (() => Promise<string>) | undefined {
  if (shrunk && board === DESKTOP) throw new UsageError(`${DESKTOP} has no flash to save`);
  return shrunk ? () => shrinkBoard(board) : undefined;
}
