import { readArguments, UsageError } from "./arguments.ts";
import { boardOf, mcconfig } from "./moddable.ts";

/** `xspos flash BOARD --port PATH`: builds what has changed and writes it to the board on that serial port. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { port: "string" });
  const board = boardOf(words);
  if (values.port === undefined || values.port === "") throw new UsageError("say where the board is: --port PATH");
  return mcconfig("flash", board, ["build", "deploy"], { UPLOAD_PORT: values.port });
}
