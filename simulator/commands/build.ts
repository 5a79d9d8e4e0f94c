import { shrinkBoard } from "../shrink/board.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { boardOf, DESKTOP, mcconfig } from "./moddable.ts";

/**
 * `xspos build BOARD [--shrunk]`: the firmware for a board, by the Moddable SDK, into the SDK's own build folder; with `--shrunk` as one
 * module that takes less flash.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { shrunk: "boolean" });
  return mcconfig("build", boardOf(words), ["build"], {
    manifest: manifestFor(boardOf(words), values.shrunk === true),
  });
}

/** What makes the manifest of a shrunk build; undefined for the project's own. Throws `UsageError`. */
export function manifestFor(board: string, shrunk: boolean): (() => Promise<string>) | undefined {
  if (shrunk && board === DESKTOP) throw new UsageError(`${DESKTOP} has no flash to save`);
  return shrunk ? () => shrinkBoard(board) : undefined;
}
