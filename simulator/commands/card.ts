import { randomBytes } from "node:crypto";
import { cardNames, takeCard } from "../cards/cards.ts";
import { DEFAULT_READER, enterReader } from "../cards/vpcd.ts";
import { readArguments, UsageError } from "./arguments.ts";

function readerOf(text: string | undefined): { readonly host: string; readonly port: number } {
  if (text === undefined) return DEFAULT_READER;
  const [, host = DEFAULT_READER.host, port] = /^(?:\[?([^\]]+)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) throw new UsageError("--vpcd takes HOST:PORT");
  return { host, port: Number(port) };
}

/** `xspos card NAME --vpcd [HOST:PORT]`: the card in the virtual reader of vsmartcard, until it is interrupted. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { vpcd: "boolean" });
  const [name, place, more] = words;
  if (name === undefined || more !== undefined) throw new UsageError("name one card");
  if (!values.vpcd) throw new UsageError("say where: --vpcd [HOST:PORT]");
  if (!cardNames().includes(name)) throw new UsageError(`no card ${name}; there are: ${cardNames().join(", ")}`);
  const reader = readerOf(place);
  const { chip } = takeCard(name, { bytes: (length) => new Uint8Array(randomBytes(length)) });
  if (chip === undefined) throw new UsageError(`${name} has no chip`);
  const where = `${reader.host}:${reader.port}`;
  try {
    const session = await enterReader(chip, reader);
    const interrupt = () => session.close();
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    process.stdout.write(`${name} is in the virtual reader at ${where}. Ctrl+C takes it out.\n`);
    await session.ended;
    return 0;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    process.stderr.write(
      `xspos card: no virtual reader at ${where} (${error.code}). Install vsmartcard-vpcd and start pcscd.\n`,
    );
    return 1;
  }
}
