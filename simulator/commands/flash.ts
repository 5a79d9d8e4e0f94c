import { readArguments, UsageError } from "./arguments.ts";
import { manifestFor } from "./build.ts";
import { boardOf, DESKTOP, mcconfig } from "./moddable.ts";

/** `xspos flash BOARD --port PATH [--shrunk]`: builds what has changed and writes it to the board on that serial port. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { port: "string", shrunk: "boolean" });
  const board = boardOf(words);
  if (board === DESKTOP) throw new UsageError(`${DESKTOP} is not flashed: xspos build ${DESKTOP}, and start mcsim`);
  if (values.port === undefined || values.port === "") throw new UsageError("say where the board is: --port PATH");
  const manifest = manifestFor(board, values.shrunk === true);
  return mcconfig("flash", board, ["build", "deploy"], { manifest, environment: { UPLOAD_PORT: values.port } });
}
