import { randomBytes } from "node:crypto";
import { BooksError } from "../acquirer/books/engine.ts";
import { HostService } from "../acquirer/books/service.ts";
import { serveTcp } from "../acquirer/tcp.ts";
import { portNumber, readArguments } from "./arguments.ts";

const DEFAULT_PORT = 8583;

/**
 * `xspos host [--port N] [--ledger FILE|postgres://...]`: the acquirer's host on the loopback address, until it is
 * interrupted. Port 0 takes any. Without a file the books are gone when it ends.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { port: "string", ledger: "string" });
  const port = portNumber(values.port) ?? DEFAULT_PORT;
  let stop: (status: number) => void = () => {};
  const stopped = new Promise<number>((resolve) => {
    stop = resolve;
  });
  try {
    const service = await HostService.open({
      books: values.ledger ?? ":memory:",
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      failed: (error) => {
        process.stderr.write(`xspos host: the books cannot be written, the host stops: ${error.message}\n`);
        stop(1);
      },
    });
    const server = await serveTcp(service, port);
    process.stdout.write(`The host listens on 127.0.0.1:${server.port} (plain TCP, test keys). Ctrl+C ends it.\n`);
    process.stdout.write(`Its books: ${service.store.engine.name}.\n`);
    process.once("SIGINT", () => stop(0));
    process.once("SIGTERM", () => stop(0));
    const status = await stopped;
    await server.close();
    await service.close();
    return status;
  } catch (error) {
    if (!(error instanceof BooksError)) throw error;
    process.stderr.write(`xspos host: ${error.message}\n`);
    return 1;
  }
}
