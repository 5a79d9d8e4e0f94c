/** The host over TCP: two length bytes, then a message; loopback only, frames bounded, several terminals at once. */
import { createServer, type Server, type Socket } from "node:net";
import { concat } from "./bytes.ts";
import type { Connection } from "./news.ts";

/** Anything that answers a message, and may have something to say later on the connection it came on. */
export interface Receiver {
  receive(frame: Uint8Array, connection?: Connection): Uint8Array | undefined;
  /** The connection ended. */
  gone?(connection: Connection): void;
  /** Does it when what was answered so far may leave; without this method that is at once. */
  whenWritten?(action: () => void): void;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Longest message taken; a longer announcement ends the connection. */
export const MAX_FRAME = 2048;
/** A connection on which nothing comes for so long is closed (milliseconds). */
const IDLE_LIMIT = 120_000;
const MAX_CLIENTS = 2048;
const LENGTH_BYTES = 2;

/** Two length bytes and the message. */
export function frameMessage(message: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(message.length >> 8, message.length & 0xff), message);
}

/** Collects bytes into messages, however they are cut on the way. */
export class FrameReader {
  #waiting: Uint8Array = new Uint8Array(0);

  /** The messages that are complete with these bytes. Throws `RangeError` for one announced empty or too long. */
  take(bytes: Uint8Array): Uint8Array[] {
    this.#waiting = concat(this.#waiting, bytes);
    const messages: Uint8Array[] = [];
    while (this.#waiting.length >= LENGTH_BYTES) {
      const length = (this.#waiting[0]! << 8) | this.#waiting[1]!;
      if (length === 0 || length > MAX_FRAME) throw new RangeError("the announced length is out of bounds");
      if (this.#waiting.length < LENGTH_BYTES + length) break;
      messages.push(this.#waiting.slice(LENGTH_BYTES, LENGTH_BYTES + length));
      this.#waiting = this.#waiting.slice(LENGTH_BYTES + length);
    }
    return messages;
  }
}

/** Serves one connection: in order, one answer a message; a bad frame or an error ends it. */
export function serveSocket(socket: Socket, host: Receiver): void {
  const reader = new FrameReader();
  const connection: Connection = {
    send: (message) => {
      const write = () => {
        if (!socket.destroyed) socket.write(frameMessage(message));
      };
      if (host.whenWritten) host.whenWritten(write);
      else write();
    },
  };
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_LIMIT, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => host.gone?.(connection));
  socket.on("data", (bytes) => {
    try {
      for (const message of reader.take(bytes)) {
        const answer = host.receive(message, connection);
        if (answer) connection.send(answer);
      }
    } catch (error) {
      socket.destroy();
      if (!(error instanceof RangeError)) throw error;
    }
  });
}

/** Serves terminals on 127.0.0.1; port 0 takes a free one. */
export function serveTcp(host: Receiver, port = 0): Promise<RunningServer> {
  return listen(
    createServer((socket) => serveSocket(socket, host)),
    port,
  );
}

/** Lets a server listen on 127.0.0.1; port 0 takes a free one. Its connections end with it. */
export function listen(server: Server, port: number): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.maxConnections = MAX_CLIENTS;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({ port: typeof address === "object" && address ? address.port : port, close });
    });
  });
}
