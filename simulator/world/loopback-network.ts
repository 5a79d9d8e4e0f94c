import { connect as connectSocket } from "node:net";
import type { NetworkLine, NetworkPeer, NetworkSession } from "../io/board.ts";
import type { World } from "./kernel.ts";

/**
 * Real sockets to a server on this machine, whatever address the terminal asks for: for a world that is paced by real
 * time. What the socket does reaches the world as things that happen outside of it, so such a run cannot be repeated to
 * the byte.
 */
export class LoopbackNetwork implements NetworkPeer {
  readonly #world: World;
  readonly #port: number;

  /** `port` of the server on 127.0.0.1. */
  constructor(world: World, port: number) {
    this.#world = world;
    this.#port = port;
  }

  connect(line: NetworkLine): NetworkSession {
    const socket = connectSocket({ host: "127.0.0.1", port: this.#port });
    const happens = (action: () => void): void => this.#world.inject(action);
    socket.on("connect", () => happens(() => line.opened()));
    socket.on("data", (bytes) => happens(() => line.deliver(new Uint8Array(bytes))));
    socket.on("error", () => happens(() => line.failed()));
    socket.on("close", () => happens(() => line.failed()));
    return {
      receive: (bytes) => socket.write(bytes),
      close: () => socket.destroy(),
    };
  }
}
