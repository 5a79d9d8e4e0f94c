import type { LinkSecurity } from "../../../firmware/acquirer/connection.ts";
import { Link } from "../../../firmware/acquirer/link.ts";
import type { Clock } from "../../../hal/device.ts";
import type { Tcp, TcpOptions, Tls, TlsOptions } from "../../../hal/io.ts";
import { Timers } from "../../../hal/timers.ts";

/** What the other end does when a whole request has come: chunks it sends, and whether it then hangs up. */
export interface Reaction {
  readonly chunks?: readonly Uint8Array[];
  readonly hangUp?: boolean;
}

/**
 * How a connection starts: it stands, is refused, hangs, or cannot even be made. Over TLS also: it breaks in the middle of
 * the handshake, or can be written to before the certificates were accepted.
 */
export type Reception = "stands" | "refused" | "silent" | "throws" | "breaks" | "hasty";

/** One event at a time, never inside a call; time goes on only when nothing else is left to happen. */
export class World {
  readonly #timers = new Timers();
  readonly #events: (() => void)[] = [];
  now = 0;
  reception: Reception = "stands";
  /** By address, where a host is received in another way. */
  readonly receptions: Record<string, Reception> = {};
  /** What hosts show over TLS, by address. */
  readonly certificates: Record<string, readonly Uint8Array[]> = {};
  /** Addresses in the order in which they were tried, and when. */
  readonly tried: { readonly address: string; readonly at: number }[] = [];
  /** Bytes that went out, all connections together. */
  bytesSent = 0;
  /** Bytes that a connection takes at once. */
  window = 4096;
  opened = 0;
  readonly connections: FakeTcp[] = [];
  /** The other end; gets each request without its length. */
  host: (request: Uint8Array) => Reaction = () => ({});

  readonly clock: Clock = {
    monotonic: () => this.now,
    wall: () => 1_767_225_600_000 + this.now,
    setTimer: (callback, milliseconds) => this.#timers.set(callback, milliseconds, this.now),
    clearTimer: (id) => this.#timers.clear(id),
  };

  readonly network = (options: TcpOptions): Tcp => {
    const { tcp, reception } = this.#open(options);
    if (reception === "stands") this.soon(() => tcp.writable());
    return tcp;
  };

  readonly secureNetwork = (options: TlsOptions): Tls => {
    const { tcp, reception } = this.#open(options);
    const chain = this.certificates[options.address] ?? [];
    if (reception === "hasty") this.soon(() => tcp.writable());
    if (reception === "breaks") this.soon(() => tcp.fail());
    if (reception !== "silent" && reception !== "refused") this.soon(() => tcp.show(chain));
    return tcp;
  };

  #open(options: TcpOptions | TlsOptions): { readonly tcp: FakeTcp; readonly reception: Reception } {
    this.opened++;
    const { address } = options;
    this.tried.push({ address, at: this.now });
    const reception = this.receptions[address] ?? this.reception;
    if (reception === "throws") throw new Error("no network");
    const tcp = new FakeTcp(this, options);
    this.connections.push(tcp);
    if (reception === "refused") this.soon(() => tcp.fail());
    return { tcp, reception };
  }

  /** A link over this network, without TLS where no security is given. */
  link(security?: LinkSecurity, ...hosts: string[]): Link {
    const { clock } = this;
    let drawn = 0;
    return new Link({
      device: this,
      clock,
      random: { read: (length) => new Uint8Array(length).map(() => (drawn++ * 89) & 255) },
      hosts: (hosts.length === 0 ? ["host"] : hosts).map((address) => ({ address, port: 1 })),
      connectTimeoutMs: 10_000,
      answerTimeoutMs: 60_000,
      security,
    });
  }

  /** Lets time pass with nothing happening. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  soon(event: () => void): void {
    this.#events.push(event);
  }

  /** Lets things happen until the promise is settled. */
  async settle<Value>(promise: Promise<Value>): Promise<Value> {
    let done = false;
    const finished = promise.finally(() => {
      done = true;
    });
    finished.catch(() => undefined);
    for (let round = 0; round < 10_000; round++) {
      for (let turn = 0; turn < 30 && !done; turn++) await undefined;
      if (done) return finished;
      const event = this.#events.shift();
      if (event !== undefined) event();
      else {
        this.now = this.#timers.nextDeadline() ?? this.now;
        this.#timers.fireNext(this.now);
      }
    }
    throw new Error("nothing happens any more");
  }
}

/** One end of a connection; a closed one hears and says nothing. */
export class FakeTcp implements Tls {
  readonly #world: World;
  readonly #options: TcpOptions & Partial<TlsOptions>;
  #input: Uint8Array[] = [];
  #output: number[] = [];
  closed = false;

  constructor(world: World, options: TcpOptions | TlsOptions) {
    this.#world = world;
    this.#options = options;
  }

  accept(): void {
    this.#check();
    this.#world.soon(() => this.writable());
  }

  show(chain: readonly Uint8Array[]): void {
    if (!this.closed) this.#options.onCertificate?.(chain);
  }

  get options(): Partial<TlsOptions> {
    return this.#options;
  }

  read(): Uint8Array | undefined {
    this.#check();
    return this.#input.shift()?.slice();
  }

  write(bytes: Uint8Array): void {
    this.#check();
    if (bytes.length > this.#world.window) throw new RangeError("output full");
    this.#output.push(...bytes);
    this.#world.bytesSent += bytes.length;
    const length = this.#output.length < 2 ? Number.POSITIVE_INFINITY : this.#output[0]! * 256 + this.#output[1]!;
    if (this.#output.length < length + 2) {
      this.#world.soon(() => this.writable());
      return;
    }
    const request = Uint8Array.from(this.#output.splice(0)).subarray(2);
    this.#world.soon(() => this.#react(this.#world.host(request)));
  }

  close(): void {
    this.closed = true;
  }

  writable(): void {
    if (!this.closed) this.#options.onWritable?.(this.#world.window);
  }

  fail(): void {
    if (!this.closed) this.#options.onError?.();
  }

  receive(chunk: Uint8Array): void {
    if (this.closed) return;
    this.#input.push(chunk);
    this.#options.onReadable?.(chunk.length);
  }

  #react({ chunks = [], hangUp = false }: Reaction): void {
    for (const chunk of chunks) this.#world.soon(() => this.receive(chunk));
    if (hangUp) this.#world.soon(() => this.fail());
  }

  #check(): void {
    if (this.closed) throw new Error("closed");
  }
}
