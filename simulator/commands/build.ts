import { readArguments } from "./arguments.ts";
import { boardOf, mcconfig } from "./moddable.ts";

/** `xspos build BOARD`: the firmware for a board, by the Moddable SDK, into the SDK's own build folder. */
export async function run(args: readonly string[]): Promise<number> {
  return mcconfig("build", boardOf(readArguments(args, {}).words), ["build"]);
}
