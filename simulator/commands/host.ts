import { randomBytes } from "node:crypto";
import { BooksError } from "../acquirer/books/engine.ts";
import { HostService } from "../acquirer/books/service.ts";
import { hostCertificates } from "../acquirer/certificates/store.ts";
import { VIRTUAL_HOST_NAME } from "../acquirer/certificates/virtual.ts";
import { type Receiver, type RunningServer, serveTcp } from "../acquirer/tcp.ts";
import { serveTls } from "../acquirer/tls.ts";
import { portNumber, readArguments } from "./arguments.ts";

const DEFAULT_PORT = 8583;

/**
 * `xspos host [--port N] [--tls-port N] [--ledger FILE|postgres://...]`: the acquirer's host on the loopback address,
 * until it is interrupted, over plain TCP and, with a port for it, over TLS with TEST certificates. Port 0 takes any.
 * Without a file the books are gone when it ends.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { port: "string", "tls-port": "string", ledger: "string" });
  const port = portNumber(values.port) ?? DEFAULT_PORT;
  const tlsPort = portNumber(values["tls-port"], "tls-port");
  try {
    return await serve(port, tlsPort, values.ledger ?? ":memory:");
  } catch (error) {
    if (!(error instanceof BooksError)) throw error;
    process.stderr.write(`xspos host: ${error.message}\n`);
    return 1;
  }
}

/** Serves until it is interrupted; the exit status. What was opened is closed, also where the rest cannot be. */
async function serve(port: number, tlsPort: number | undefined, books: string): Promise<number> {
  let stop: (status: number) => void = () => {};
  const stopped = new Promise<number>((resolve) => {
    stop = resolve;
  });
  const opened: { close(): Promise<void> }[] = [];
  try {
    const service = await HostService.open({
      books,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      failed: (error) => {
        process.stderr.write(`xspos host: the books cannot be written, the host stops: ${error.message}\n`);
        stop(1);
      },
    });
    opened.unshift(service);
    const server = await serveTcp(service, port);
    opened.unshift(server);
    process.stdout.write(`The host listens on 127.0.0.1:${server.port} (plain TCP, test keys). Ctrl+C ends it.\n`);
    if (tlsPort !== undefined) opened.unshift(await serveSecurely(service, tlsPort));
    process.stdout.write(`Its books: ${service.store.engine.name}.\n`);
    process.once("SIGINT", () => stop(0));
    process.once("SIGTERM", () => stop(0));
    return await stopped;
  } finally {
    for (const part of opened) await part.close();
  }
}

/** TLS with the certificates of this machine, made on first use. */
async function serveSecurely(host: Receiver, port: number): Promise<RunningServer> {
  const { certificate, key, authorityFile } = hostCertificates(VIRTUAL_HOST_NAME);
  const server = await serveTls(host, { certificates: [certificate], key }, port);
  process.stdout.write(`And on 127.0.0.1:${server.port} over TLS, as ${VIRTUAL_HOST_NAME}; pin ${authorityFile}.\n`);
  return server;
}
