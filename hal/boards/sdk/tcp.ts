import Socket from "embedded:io/socket/tcp";
import type { AcceptedTcpOptions, Tcp, TcpOptions } from "../../io.ts";
import { Input } from "./input.ts";
import { takenSocket } from "./listener.ts";
import { opened } from "./opened.ts";

/** TCP of the ESP32. `address` is an IP address: names are not looked up. */
export class SdkTcp implements Tcp {
  readonly #options: TcpOptions | AcceptedTcpOptions;
  readonly #input: Input;
  #socket: Socket | undefined;

  constructor(options: TcpOptions | AcceptedTcpOptions) {
    this.#options = options;
    this.#input = new Input((bytes) => this.#readable(bytes));
    this.#socket = new Socket({
      ...("from" in options ? { from: takenSocket(options.from) } : { address: options.address, port: options.port }),
      nodelay: true,
      format: "buffer",
      onReadable: (bytes) => this.#readable(bytes + this.#input.length),
      onWritable: (bytes) => {
        if (this.#socket !== undefined) options.onWritable?.call(this, bytes);
      },
      onError: () => {
        if (this.#socket !== undefined) options.onError?.call(this);
      },
    });
  }

  read(byteLength?: number): Uint8Array | undefined {
    return this.#input.take(opened(this.#socket).read() as ArrayBuffer | undefined, byteLength);
  }

  write(bytes: Uint8Array): void {
    opened(this.#socket).write(bytes);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#input.clear();
  }

  #readable(bytes: number): void {
    if (this.#socket !== undefined) this.#options.onReadable?.call(this, bytes);
  }
}
