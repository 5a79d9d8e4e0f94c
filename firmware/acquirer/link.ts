import type { Clock } from "../../hal/device.ts";
import type { Tcp, TcpOptions } from "../../hal/io.ts";
import { concat, wipe } from "../codec/bytes.ts";
import { leastFrame, lengthBytes, mostFrame } from "./frame.ts";

/** What a link needs of the device and of the parameters. */
export interface LinkOptions {
  readonly network: (options: TcpOptions) => Tcp;
  readonly clock: Clock;
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

/**
 * What came of one request. `noAnswer` with `sent` false: not a byte left the terminal. `badFrame`: an answer began
 * whose length no message can have.
 */
export type LinkResult =
  | { readonly kind: "answer"; readonly frame: Uint8Array }
  | { readonly kind: "badFrame" }
  | { readonly kind: "noAnswer"; readonly sent: boolean };

/**
 * Sends one frame over a connection of its own and waits for one frame: an answer that comes late comes to a
 * connection that is closed, and cannot be taken for the next one.
 */
export async function exchange(options: LinkOptions, request: Uint8Array): Promise<LinkResult> {
  await Promise.resolve(); // from a turn of its own: the device's small stack does not hold the flow and a connection
  return new Promise((resolve) => {
    new Exchange(options, request, resolve).start();
  });
}

class Exchange {
  readonly #options: LinkOptions;
  readonly #request: Uint8Array;
  readonly #resolve: (result: LinkResult) => void;
  #tcp: Tcp | undefined;
  #timer: number | undefined;
  #written = 0;
  #received: Uint8Array = new Uint8Array(0);

  constructor(options: LinkOptions, request: Uint8Array, resolve: (result: LinkResult) => void) {
    this.#options = options;
    this.#request = request;
    this.#resolve = resolve;
  }

  start(): void {
    const { network, hostAddress, hostPort, connectTimeoutMs } = this.#options;
    this.#wait(connectTimeoutMs);
    try {
      this.#tcp = network({
        address: hostAddress,
        port: hostPort,
        onWritable: (count) => this.#guard(() => this.#write(count)),
        onReadable: () => this.#guard(() => this.#read()),
        onError: () => this.#noAnswer(),
      });
    } catch {
      this.#noAnswer();
    }
  }

  /** A device call that throws is a connection that failed. */
  #guard(step: () => void): void {
    try {
      step();
    } catch {
      this.#noAnswer();
    }
  }

  #write(count: number): void {
    const left = this.#request.length - this.#written;
    const length = Math.min(count, left);
    if (length === 0) return;
    const part = this.#request.subarray(this.#written, this.#written + length);
    // Counted as sent before the call: whatever it does, the host may have seen the bytes.
    this.#written += length;
    this.#tcp?.write(part);
    if (length === left) this.#wait(this.#options.answerTimeoutMs);
  }

  #read(): void {
    const bytes = this.#tcp?.read();
    if (bytes === undefined) return;
    const received = this.#join(bytes);
    if (received.length < lengthBytes) return;
    const length = (received[0]! << 8) | received[1]!;
    if (length < leastFrame || length > mostFrame) this.#end({ kind: "badFrame" });
    else if (received.length >= lengthBytes + length) {
      this.#end({ kind: "answer", frame: received.slice(lengthBytes, lengthBytes + length) });
    }
  }

  /** What was received so far. The pieces are overwritten: an answer may repeat the card's number. */
  #join(bytes: Uint8Array): Uint8Array {
    const before = this.#received;
    if (before.length === 0) {
      this.#received = bytes;
    } else {
      this.#received = concat([before, bytes]);
      wipe(before);
      wipe(bytes);
    }
    return this.#received;
  }

  #wait(milliseconds: number): void {
    const { clock } = this.#options;
    if (this.#timer !== undefined) clock.clearTimer(this.#timer);
    this.#timer = clock.setTimer(() => {
      this.#timer = undefined;
      this.#noAnswer();
    }, milliseconds);
  }

  #noAnswer(): void {
    this.#end({ kind: "noAnswer", sent: this.#written > 0 });
  }

  #end(result: LinkResult): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#tcp?.close();
    this.#tcp = undefined;
    wipe(this.#received);
    this.#resolve(result);
  }
}
