/** The firmware's link over real sockets of this machine, paced by real time; and peers of all kinds for it. */
import { spawn } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { LinkResult, LinkSecurity } from "../../firmware/acquirer/connection.ts";
import { clientKeyName } from "../../firmware/acquirer/connection.ts";
import { Link } from "../../firmware/acquirer/link.ts";
import { Timers } from "../../hal/timers.ts";
import type { Identity } from "../../simulator/acquirer/certificates/issue.ts";
import { listen, type RunningServer } from "../../simulator/acquirer/tcp.ts";
import type { SimulatedIo } from "../../simulator/io/base.ts";
import { Board } from "../../simulator/io/board.ts";
import { ioClasses } from "../../simulator/io/classes.ts";
import { World } from "../../simulator/world/kernel.ts";
import { LoopbackNetwork } from "../../simulator/world/loopback-network.ts";

/** The morning of the virtual world. */
export const START = Date.UTC(2026, 10, 23, 1);
export const REQUEST = Uint8Array.from({ length: 42 }, (_, place) => (place === 0 ? 0 : place === 1 ? 40 : 0x60));
export const ANSWER = Uint8Array.from({ length: 32 }, (_, place) => (place === 0 ? 0 : place === 1 ? 30 : place));

export interface Asking {
  /** Undefined: plain TCP. */
  readonly security: LinkSecurity | undefined;
  /** Who we are, where the host asks. */
  readonly client?: Identity;
  readonly connectTimeoutMs?: number;
  readonly answerTimeoutMs?: number;
}

/** Sends the request to 127.0.0.1 over a link of its own and gives what came of it. */
export async function ask(ports: readonly number[], asking: Asking): Promise<LinkResult> {
  const world = new World();
  const board = new Board(world, 1, START);
  board.network = new LoopbackNetwork(world, (port) => port);
  if (asking.client !== undefined) {
    const key = asking.client.key.export({ format: "der", type: "pkcs8" });
    board.secure.set(clientKeyName, new Uint8Array(key));
  }
  const io = ioClasses(board);
  const timers = new Timers();
  const random = new io.RandomSource({});
  const link = new Link({
    device: { network: (options) => new io.TCP(options), secureNetwork: (options) => new io.TLS(options) },
    clock: {
      monotonic: () => world.now,
      wall: () => board.wall(),
      setTimer: (callback, milliseconds) => timers.set(callback, milliseconds, world.now),
      clearTimer: (id) => timers.clear(id),
    },
    random: { read: (length) => random.read(length) },
    hosts: ports.map((port) => ({ address: "127.0.0.1", port })),
    connectTimeoutMs: asking.connectTimeoutMs ?? 20_000,
    answerTimeoutMs: asking.answerTimeoutMs ?? 20_000,
    security: asking.security,
  });
  const started = performance.now();
  const pace = {
    virtualNow: () => performance.now() - started,
    realDelay: (virtual: number) => Math.max(0, virtual - (performance.now() - started)),
  };
  const done: { result?: LinkResult } = {};
  void link.exchange(REQUEST.slice()).then((result) => {
    done.result = result;
    world.inject(() => undefined);
    world.stop();
  });
  while (done.result === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    if (done.result !== undefined) break;
    const wake = await world.nextPaced(timers.nextDeadline(), pace);
    if (wake.kind === "signal") (wake.signal.io as SimulatedIo).deliver(wake.signal.callback, wake.signal.args);
    else if (wake.kind === "time") timers.fireNext(wake.now);
  }
  for (const open of [...board.open]) open.close();
  return done.result;
}

/** A host that keeps what it was sent and answers whole requests with the same frames. */
export class Listener {
  readonly got: Uint8Array[] = [];
  readonly #answers: readonly Uint8Array[];

  constructor(...answers: readonly Uint8Array[]) {
    this.#answers = answers;
  }

  receive(frame: Uint8Array): Uint8Array | undefined {
    this.got.push(frame);
    return this.#answers[0];
  }
}

/** What a proxy does with the bytes of one direction: how they are cut, and after how many the line is cut. */
export interface Meddling {
  readonly byteByByte?: boolean;
  readonly cutAfter?: { readonly from: "host" | "terminal"; readonly bytes: number };
}

/** A man in the middle who cannot read, but can cut. */
export function meddle(port: number, meddling: Meddling): Promise<RunningServer & { readonly carried: () => number }> {
  let carried = 0;
  const server: Server = createServer((terminal) => {
    const host = connect({ host: "127.0.0.1", port });
    for (const socket of [terminal, host]) socket.setNoDelay(true).on("error", () => undefined);
    const end = (): void => {
      terminal.destroy();
      host.destroy();
    };
    terminal.on("close", end);
    host.on("close", () => terminal.end());
    carry(host, terminal, "host");
    carry(terminal, host, "terminal");
    function carry(from: Socket, to: Socket, name: "host" | "terminal"): void {
      let count = 0;
      from.on("data", (bytes) => {
        if (name === "host") carried += bytes.length;
        const limit = meddling.cutAfter?.from === name ? meddling.cutAfter.bytes : Number.POSITIVE_INFINITY;
        const part = bytes.subarray(0, Math.max(0, limit - count));
        count += bytes.length;
        if (meddling.byteByByte === true) for (const byte of part) to.write(Uint8Array.of(byte));
        else if (part.length > 0) to.write(part);
        if (count >= limit) setTimeout(end, 5);
      });
    }
  });
  return listen(server, 0).then((running) => ({ ...running, carried: () => carried }));
}

/** `openssl s_server` with these arguments; `received` is what came decrypted out of it. */
export async function opensslServer(
  port: number,
  args: readonly string[],
): Promise<{ readonly received: () => Buffer; readonly close: () => Promise<void> }> {
  const child = spawn("openssl", ["s_server", "-quiet", "-accept", `127.0.0.1:${port}`, ...args]);
  const received: Buffer[] = [];
  let errors = "";
  child.stdout.on("data", (bytes: Buffer) => received.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes;
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  for (let tries = 0; !(await isListening(port)); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`openssl does not listen: ${errors}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    received: () => Buffer.concat(received),
    close: () => {
      child.kill();
      return ended;
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = await listen(createServer(), 0);
  await server.close();
  return server.port;
}
