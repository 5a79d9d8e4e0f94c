import type { Closable } from "./io.ts";

/**
 * Where a cash register on the network finds the terminal: it connects, as a cash register does to a card terminal, from
 * the one address that it has, and one at a time.
 */
export interface RegisterNetwork {
  /** 1 to 65535. */
  readonly port: number;
  /** The cash register's IP address: nobody else is answered. */
  readonly address: string;
  /** Sent to one that connects while another is connected; then it is hung up on. */
  readonly refusal: Uint8Array;
}

/** The line to a cash register: bytes both ways, as they come. `onReadable` says that there are some. */
export interface RegisterLine extends Closable {
  /** What has come in since; `undefined` when nothing has. */
  read(): Uint8Array | undefined;
  /** Takes all; throws `RangeError` where the line does not take as much now, or nobody is at its end. */
  write(bytes: Uint8Array): void;
}
