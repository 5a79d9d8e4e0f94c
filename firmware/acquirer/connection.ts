import type { Clock, Device } from "../../hal/device.ts";
import type { Tcp } from "../../hal/io.ts";
import { concat, wipe } from "../codec/bytes.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { cutFrame } from "./frame.ts";
import type { CertificateFault, KnownChain, Trust } from "./judge.ts";
import { type ConnectionEvents, openConnection } from "./opening.ts";

/** Where a host is. */
export interface HostPlace {
  readonly address: string;
  readonly port: number;
}

/** What a connection needs of the device and of the parameters. */
export interface ConnectionOptions {
  readonly device: Pick<Device, "network" | "secureNetwork">;
  readonly clock: Clock;
  /** Of the connection until its first byte can be sent: TCP, TLS and the judgement together. */
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** Undefined: without TLS. */
  readonly security: LinkSecurity | undefined;
  /** Of this security: the host that was found good before. */
  readonly known?: KnownChain;
}

/** Whom the terminal trusts, and what it shows of itself. */
export interface LinkSecurity extends Trust {
  /** As DER, our own first, where the host asks for them. */
  readonly clientCertificates: readonly Uint8Array[];
}

/**
 * What came of one request. `noAnswer` with `sent` false: not a byte of it left the terminal; `refused` says what was
 * wrong with the host's certificates. `badFrame`: an answer began whose length no message can have.
 */
export type LinkResult =
  | { readonly kind: "answer"; readonly frame: Uint8Array }
  | { readonly kind: "badFrame" }
  | { readonly kind: "noAnswer"; readonly sent: boolean; readonly refused?: CertificateFault };

/** Where the secure storage has the key of our own certificate. */
export const clientKeyName = "tlsClientKey";

/**
 * Sends one frame over a connection of its own and waits for one frame: an answer that comes late comes to a
 * connection that is closed, and cannot be taken for the next one. Over TLS the host's certificates are judged first.
 */
export function exchangeOnce(
  options: ConnectionOptions,
  host: HostPlace,
  request: Uint8Array,
  started?: (exchange: { giveUp(): void }) => void,
): Promise<LinkResult> {
  // From a turn of its own: the device's small stack does not hold the flow and a connection.
  return new Promise<LinkResult>((resolve, reject) => {
    inTurnOfItsOwn(() => {
      const exchange = new Exchange(options, request, resolve);
      exchange.start(host);
      started?.(exchange);
    }).catch(reject);
  });
}

class Exchange implements ConnectionEvents {
  readonly #options: ConnectionOptions;
  readonly #request: Uint8Array;
  readonly #resolve: (result: LinkResult) => void;
  #connection: Tcp | undefined;
  #ended = false;
  #timer: number | undefined;
  #written = 0;
  #received: Uint8Array = new Uint8Array(0);

  constructor(options: ConnectionOptions, request: Uint8Array, resolve: (result: LinkResult) => void) {
    this.#options = options;
    this.#request = request;
    this.#resolve = resolve;
  }

  start(host: HostPlace): void {
    this.#wait(this.#options.connectTimeoutMs);
    try {
      this.#connection = openConnection(this.#options, host, this);
    } catch {
      this.#noAnswer();
    }
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  giveUp(): void {
    this.#noAnswer();
  }

  onError(): void {
    this.#noAnswer();
  }

  onRefused(refused: CertificateFault): void {
    this.#end({ kind: "noAnswer", sent: false, refused });
  }

  onWritable(count: number): void {
    const left = this.#request.length - this.#written;
    const length = Math.min(count, left);
    if (length === 0) return;
    const part = this.#request.subarray(this.#written, this.#written + length);
    // Counted as sent before the call: whatever it does, the host may have seen the bytes.
    this.#written += length;
    this.#connection?.write(part);
    if (length === left) this.#wait(this.#options.answerTimeoutMs);
  }

  onReadable(): void {
    const bytes = this.#connection?.read();
    if (bytes === undefined) return;
    if (this.#written === 0) {
      this.#noAnswer(); // a host that speaks before it is asked is none of ours
      return;
    }
    const cut = cutFrame(this.#join(bytes));
    if (cut.kind === "bad") this.#end({ kind: "badFrame" });
    else if (cut.kind === "frame") this.#end({ kind: "answer", frame: cut.frame });
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
    if (this.#ended) return;
    this.#ended = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#connection?.close();
    this.#connection = undefined;
    wipe(this.#received);
    this.#resolve(result);
  }
}
