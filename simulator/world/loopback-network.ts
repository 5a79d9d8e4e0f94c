import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { IncomingCall, NetworkLine, NetworkPeer, NetworkSession, SecureHandshake } from "../io/board.ts";
import type { World } from "./kernel.ts";
import type { VirtualNetwork } from "./network.ts";

/** A chain of certificates that is longer is cut. */
const MOST_CERTIFICATES = 8;

/**
 * Real sockets, and real TLS 1.2, to servers on this machine, whatever address the terminal asks for: for a world that
 * is paced by real time. What the socket does reaches the world as things that happen outside of it, so such a run
 * cannot be repeated to the byte.
 */
export class LoopbackNetwork implements NetworkPeer {
  readonly #world: World;
  readonly #port: (asked: number) => number;
  /** To servers, not of callers. */
  readonly #lines = new Set<Socket>();

  /** `port` of the server on 127.0.0.1, or the one for each port that the terminal asks for. */
  constructor(world: World, port: number | ((asked: number) => number)) {
    this.#world = world;
    this.#port = typeof port === "number" ? () => port : port;
  }

  connect(line: NetworkLine, _address: string, port: number, secure?: SecureHandshake): NetworkSession {
    const server = { host: "127.0.0.1", port: this.#port(port) };
    const socket = secure === undefined ? connectSocket(server) : connectTls({ ...server, ...tlsSettings(secure) });
    if (secure === undefined) socket.on("connect", () => this.#happens(() => line.opened()));
    else socket.on("secureConnect", () => this.#happens(() => line.certificates(chainOf(socket as TLSSocket))));
    this.#lines.add(socket);
    socket.on("close", () => this.#lines.delete(socket));
    return this.#sessionOf(socket, line);
  }

  /** All standing connections to servers break. */
  cut(): void {
    for (const socket of this.#lines) socket.destroy();
  }

  /** A real port of this machine, on loopback only. */
  listen(port: number, incoming: (call: IncomingCall) => void): () => void {
    const server = createServer((socket) => {
      socket.pause();
      socket.on("error", () => {}); // a caller may go at any time
      const take = (line: NetworkLine): NetworkSession => {
        this.#happens(() => line.opened());
        const session = this.#sessionOf(socket, line);
        socket.resume();
        return session;
      };
      this.#happens(() => incoming({ address: socket.remoteAddress ?? "", take, drop: () => void socket.destroy() }));
    });
    // A port that is taken stays silent, as one that a firewall closes: the terminal must live without its register.
    server.on("error", () => server.close());
    server.listen(port, "127.0.0.1");
    return () => server.close();
  }

  #happens(action: () => void): void {
    this.#world.inject(action);
  }

  #sessionOf(socket: Socket, line: NetworkLine): NetworkSession {
    socket.on("data", (bytes: Uint8Array) => this.#happens(() => line.deliver(new Uint8Array(bytes))));
    socket.on("error", () => this.#happens(() => line.failed()));
    socket.on("close", () => this.#happens(() => line.failed()));
    return sessionOf(socket, (action) => this.#happens(action), line);
  }
}

/** Real sockets for a terminal whose network somebody may still take down, as a page does. */
export function takenDownWith(network: VirtualNetwork, sockets: LoopbackNetwork): NetworkPeer {
  network.onDown.push(() => sockets.cut());
  return {
    connect: (...call) => (network.isDown ? network : sockets).connect(...call),
    listen: (port, incoming) => sockets.listen(port, incoming),
  };
}

function sessionOf(socket: Socket, happens: (action: () => void) => void, line: NetworkLine): NetworkSession {
  return {
    receive: (bytes) => socket.write(bytes),
    accept: () => happens(() => line.opened()),
    close: () => socket.destroySoon(),
  };
}

/**
 * As the SDK's TLS: version 1.2 and no other. Node judges no certificate here: its clock is not the world's, and the
 * firmware has its own rules. That the server has its certificate's key is proved by the handshake itself.
 */
function tlsSettings({ serverName, client }: SecureHandshake): object {
  return {
    servername: serverName,
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.2",
    rejectUnauthorized: false,
    ...(client === undefined
      ? {}
      : {
          cert: client.certificates.map((certificate) => new X509Certificate(certificate).toString()).join(""),
          key: createPrivateKey({ key: Buffer.from(client.key), format: "der", type: "pkcs8" })
            .export({ format: "pem", type: "pkcs8" })
            .toString(),
        }),
  };
}

/** The server's certificates as it sent them (Node may add the root that it knows). */
function chainOf(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MOST_CERTIFICATES) {
    chain.push(new Uint8Array(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}
