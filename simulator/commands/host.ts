import { randomBytes } from "node:crypto";
import { AcquirerHost } from "../acquirer/host.ts";
import { serveTcp } from "../acquirer/tcp.ts";
import { portNumber, readArguments } from "./arguments.ts";

const DEFAULT_PORT = 8583;

/** `xspos host [--port N]`: the acquirer's host on the loopback address, until it is interrupted. Port 0 takes any. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { port: "string" });
  const started = Date.now();
  const host = new AcquirerHost({
    clock: () => Date.now() - started,
    startDate: localIso(new Date(started)),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  });
  const server = await serveTcp(host, portNumber(values.port) ?? DEFAULT_PORT);
  process.stdout.write(`The host listens on 127.0.0.1:${server.port} (plain TCP, test keys). Ctrl+C ends it.\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
  return 0;
}

function localIso(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
