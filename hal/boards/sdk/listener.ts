import SocketListener from "embedded:io/socket/listener";
import type Socket from "embedded:io/socket/tcp";
import type { Closable, Incoming, Listener, ListenerOptions } from "../../io.ts";
import { opened } from "./opened.ts";

/** A connection as the SDK hands it over: a socket that a new one is made `from`. */
class TakenSocket implements Incoming {
  readonly remoteAddress: string;
  #socket: Socket | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = socket.remoteAddress ?? "";
  }

  /** The socket, once. */
  take(): Socket {
    const socket = opened(this.#socket);
    this.#socket = undefined;
    return socket;
  }
}

/** Connections to a port of the ESP32. */
export class SdkListener implements Listener {
  /** The SDK's typing forgets that a listener can be closed. */
  #listener: (SocketListener & Closable) | undefined;

  constructor(options: ListenerOptions) {
    this.#listener = new SocketListener({
      port: options.port,
      onReadable: (connections) => {
        if (this.#listener !== undefined) options.onReadable?.call(this, connections);
      },
    }) as SocketListener & Closable;
  }

  read(): Incoming | undefined {
    const socket = opened(this.#listener).read();
    return socket === undefined ? undefined : new TakenSocket(socket);
  }

  close(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }
}

/** The SDK's socket behind a connection that `SdkListener` gave. */
export function takenSocket(incoming: Incoming): Socket {
  if (!(incoming instanceof TakenSocket)) throw new TypeError("from is not a connection");
  return incoming.take();
}
