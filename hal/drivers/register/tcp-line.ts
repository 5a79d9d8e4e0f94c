import type { Incoming, Listener, ListenerConstructor, Tcp, TcpConstructor } from "../../io.ts";
import type { RegisterLine, RegisterNetwork } from "../../register.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";

export interface TcpRegisterLineOptions extends RegisterNetwork {
  readonly listener: { readonly io: ListenerConstructor };
  readonly tcp: { readonly io: TcpConstructor };
  readonly onReadable?: () => void;
  /** The connection ended: what comes from now on is from another one. */
  readonly onBreak?: () => void;
  /** One was refused because another is connected. */
  readonly onRefused?: () => void;
}

/**
 * A cash register on the network. It connects to us from `address`, one connection at a time; whoever else has that address
 * is told `refusal` and hung up on, and others are hung up on without a word. When a connection ends the next may come.
 */
export class TcpRegisterLine implements RegisterLine {
  readonly #options: TcpRegisterLineOptions;
  #listener: Listener | undefined;
  /** Who is connected. */
  #tcp: Tcp | undefined;
  /** Who is being told that it is refused: one at a time. */
  #leaving: Tcp | undefined;

  constructor(options: TcpRegisterLineOptions) {
    const { listener, tcp, port, address, refusal } = options;
    checkIo("listener.io", listener.io);
    checkIo("tcp.io", tcp.io);
    checkInteger("port", port, 1, 65_535);
    if (typeof address !== "string" || address === "") throw new TypeError("address is not an IP address");
    if (!(refusal instanceof Uint8Array)) throw new TypeError("refusal is no bytes");
    for (const name of ["onReadable", "onBreak", "onRefused"] as const) checkCallback(name, options[name]);
    this.#options = options;
    this.#listener = new listener.io({ port, onReadable: () => this.#incoming() });
  }

  read(): Uint8Array | undefined {
    this.#check();
    return this.#tcp?.read();
  }

  write(bytes: Uint8Array): void {
    this.#check();
    if (this.#tcp === undefined) throw new RangeError("nobody is connected");
    try {
      this.#tcp.write(bytes);
    } catch {
      throw new RangeError("output full"); // in whatever words the ground's TCP says so
    }
  }

  close(): void {
    this.#listener?.close();
    this.#tcp?.close();
    this.#leaving?.close();
    this.#listener = undefined;
    this.#tcp = undefined;
    this.#leaving = undefined;
  }

  #check(): void {
    if (this.#listener === undefined) throw new Error("closed");
  }

  #incoming(): void {
    for (let from = this.#listener?.read(); from !== undefined; from = this.#listener?.read()) {
      const { address, tcp } = this.#options;
      if (from.remoteAddress === address && this.#tcp === undefined) this.#take(from);
      else if (from.remoteAddress === address && this.#leaving === undefined) this.#refuse(from);
      else new tcp.io({ from }).close();
    }
  }

  #take(from: Incoming): void {
    const { tcp, onReadable } = this.#options;
    this.#tcp = new tcp.io({ from, onReadable: () => onReadable?.call(this), onError: () => this.#broken() });
  }

  #broken(): void {
    this.#tcp?.close();
    this.#tcp = undefined;
    this.#options.onBreak?.call(this);
  }

  #refuse(from: Incoming): void {
    const { tcp, refusal, onRefused } = this.#options;
    const gone = (): void => {
      this.#leaving?.close();
      this.#leaving = undefined;
    };
    this.#leaving = new tcp.io({
      from,
      onWritable: () => {
        try {
          this.#leaving?.write(refusal);
        } finally {
          gone();
        }
      },
      onError: gone,
    });
    onRefused?.call(this);
  }
}
