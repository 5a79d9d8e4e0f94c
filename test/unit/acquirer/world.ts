import type { Clock } from "../../../hal/device.ts";
import type { Tcp, TcpOptions } from "../../../hal/io.ts";
import { Timers } from "../../../hal/timers.ts";

/** What the other end does when a whole request has come: chunks it sends, and whether it then hangs up. */
export interface Reaction {
  readonly chunks?: readonly Uint8Array[];
  readonly hangUp?: boolean;
}

/** How a connection starts: it stands, is refused, hangs, or cannot even be made. */
export type Reception = "stands" | "refused" | "silent" | "throws";

/** One event at a time, never inside a call; time goes on only when nothing else is left to happen. */
export class World {
  readonly #timers = new Timers();
  readonly #events: (() => void)[] = [];
  now = 0;
  reception: Reception = "stands";
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
    this.opened++;
    if (this.reception === "throws") throw new Error("no network");
    const tcp = new FakeTcp(this, options);
    this.connections.push(tcp);
    if (this.reception === "stands") this.soon(() => tcp.writable());
    if (this.reception === "refused") this.soon(() => tcp.fail());
    return tcp;
  };

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
export class FakeTcp implements Tcp {
  readonly #world: World;
  readonly #options: TcpOptions;
  #input: Uint8Array[] = [];
  #output: number[] = [];
  closed = false;

  constructor(world: World, options: TcpOptions) {
    this.#world = world;
    this.#options = options;
  }

  read(): Uint8Array | undefined {
    this.#check();
    return this.#input.shift()?.slice();
  }

  write(bytes: Uint8Array): void {
    this.#check();
    if (bytes.length > this.#world.window) throw new RangeError("output full");
    this.#output.push(...bytes);
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
