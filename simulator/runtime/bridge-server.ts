import { Decoder, Encoder } from "cbor-x";
import type { Wake } from "../world/kernel.ts";

/** An IO class of the world, as `simulator/io/classes.ts` makes them. */
export type WorldClass = new (options: never) => WorldInstance;

/** An instance that firmware opened. */
export interface WorldInstance {
  readonly closed: boolean;
  close(): void;
  /** Called when a callback of the instance has gone to the firmware. */
  delivered?(): void;
}

export interface BridgeServerOptions {
  /** The classes that firmware may open, by name; nothing else can be reached. */
  readonly classes: Readonly<Record<string, WorldClass>>;
  /** Lets the world go on until there is something for the firmware; `until` is the firmware's deadline. */
  readonly next: (until: number | undefined) => Wake | Promise<Wake>;
  /** What the device's clock chip shows, in milliseconds since 1970-01-01 UTC. */
  readonly wall: () => number;
  /** Sends a payload to the firmware. */
  readonly send: (payload: Uint8Array) => void;
  /** Whether the device still has power: without it no answer goes out any more. */
  readonly powered: () => boolean;
}

/** Why the world stopped serving. */
export type ServerEnd =
  | { readonly kind: "stopped" | "powerless" }
  | { readonly kind: "crashed"; readonly reason: string };

/** The firmware sent what it must not send; the text says what. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const MAXIMUM_INSTANCES = 256;
const encoder = new Encoder({ tagUint8Array: false, useRecords: false, mapsAsObjects: true });
const decoder = new Decoder({ mapsAsObjects: true, useRecords: false });

/**
 * The world's end of the bridge (frames: hal/bridge/protocol.ts): opens the world's IO classes for the firmware, passes
 * calls on, and answers the idle firmware with the next thing that happens. Trusts nothing that comes in.
 */
export class BridgeServer {
  /** Settles when the run is over; the caller then ends the firmware. */
  readonly ended: Promise<ServerEnd>;
  readonly #options: BridgeServerOptions;
  readonly #instances = new Map<number, WorldInstance>();
  readonly #handles = new Map<object, number>();
  #end: (end: ServerEnd) => void = () => {};
  #over = false;
  #waiting = false;
  /** Frames answered and bytes in them, both ways. */
  readonly traffic = { roundTrips: 0, posts: 0, bytes: 0 };

  constructor(options: BridgeServerOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Whether the firmware is idle and waits for the world. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Sends the first frame: the world's time and the configuration. */
  start(now: number, config: unknown): void {
    this.#send([5, now, this.#options.wall(), config]);
  }

  /** Takes one payload from the firmware. */
  receive(payload: Uint8Array): void {
    if (this.#over) return;
    this.traffic.bytes += payload.length;
    try {
      this.#dispatch(payload);
    } catch (error) {
      this.#crash(error);
    }
  }

  /** Ends serving from outside: the firmware is gone or must go. */
  finish(end: ServerEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#end(end);
  }

  #dispatch(payload: Uint8Array): void {
    const frame = decodeFrame(payload);
    if (this.#waiting) throw new ProtocolError("a frame while idle");
    const [kind] = frame;
    if (kind === 0) this.#answer(() => this.#open(frame));
    else if (kind === 1) this.#answer(() => this.#invoke(frame));
    else if (kind === 2) this.#post(frame);
    else if (kind === 3) this.#close(handleOf(frame));
    else if (kind === 4) this.#idle(frame);
    else throw new ProtocolError("a frame of unknown kind");
  }

  #post(frame: readonly unknown[]): void {
    this.traffic.posts++;
    this.#invoke(frame);
    if (!this.#options.powered()) this.finish({ kind: "powerless" });
  }

  /** Sends what the action gives or throws; a protocol error is not the caller's but the end. */
  #answer(action: () => unknown): void {
    this.traffic.roundTrips++;
    let answer: readonly unknown[];
    try {
      answer = [0, action()];
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      answer = error instanceof Error ? [1, error.message, error.name] : [1, String(error), "Error"];
    }
    if (this.#options.powered()) this.#send(answer);
    else this.finish({ kind: "powerless" });
  }

  #open(frame: readonly unknown[]): undefined {
    const handle = handleOf(frame);
    const [, , className, options] = frame;
    if (this.#instances.has(handle)) throw new ProtocolError("a handle used twice");
    if (this.#instances.size >= MAXIMUM_INSTANCES) throw new ProtocolError("too many open instances");
    if (typeof className !== "string" || !Object.hasOwn(this.#options.classes, className)) {
      throw new ProtocolError(`no class ${String(className)}`);
    }
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      throw new ProtocolError("options must be an object");
    }
    const worldClass = this.#options.classes[className]!;
    const instance = new worldClass(withCallbacks(options) as never);
    this.#instances.set(handle, instance);
    this.#handles.set(instance, handle);
    return undefined;
  }

  #invoke(frame: readonly unknown[]): unknown {
    const instance = this.#instances.get(handleOf(frame));
    const [, , method, args] = frame;
    if (instance === undefined) throw new ProtocolError("no open instance of that handle");
    if (!Array.isArray(args)) throw new ProtocolError("arguments must be an array");
    const call = typeof method === "string" && !RESERVED.has(method) ? publicMethod(instance, method) : undefined;
    if (call === undefined) throw new ProtocolError(`no method ${String(method)}`);
    return call.apply(instance, args.map(plainBytes));
  }

  #close(handle: number): void {
    const instance = this.#instances.get(handle);
    if (instance === undefined) throw new ProtocolError("no open instance of that handle");
    this.#instances.delete(handle);
    this.#handles.delete(instance);
    instance.close();
  }

  #idle([, until]: readonly unknown[]): void {
    if (until !== null && !(typeof until === "number" && Number.isFinite(until))) {
      throw new ProtocolError("the time to wake must be a number or null");
    }
    this.traffic.roundTrips++;
    const wake = this.#options.next(until ?? undefined);
    if (!(wake instanceof Promise)) {
      this.#wake(wake);
      return;
    }
    this.#waiting = true;
    wake.then(
      (value) => {
        this.#waiting = false;
        if (!this.#over) this.#wake(value);
      },
      (error) => this.#crash(error),
    );
  }

  #wake(wake: Wake): void {
    if (wake.kind === "signal") {
      const instance = wake.signal.io as object as WorldInstance;
      const handle = this.#handles.get(instance);
      if (handle === undefined) throw new Error("a signal for an instance that firmware did not open");
      instance.delivered?.();
      this.#send([2, wake.now, this.#options.wall(), handle, wake.signal.callback, wake.signal.args]);
    } else if (wake.kind === "time") this.#send([3, wake.now, this.#options.wall()]);
    else this.finish({ kind: wake.kind });
  }

  #send(fields: readonly unknown[]): void {
    const payload = encoder.encode(fields);
    this.traffic.bytes += payload.length;
    this.#options.send(payload);
  }

  #crash(error: unknown): void {
    this.finish({ kind: "crashed", reason: describe(error) });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof ProtocolError ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
}

/** The decoder's byte strings are Node's Buffers, whose `slice` copies nothing; the world's classes are given plain bytes. */
function plainBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Methods that every simulated instance has and firmware must not reach. */
const RESERVED: ReadonlySet<string> = new Set([
  "close",
  "deliver",
  "delivered",
  "constructor",
  "signal",
  "check",
  "release",
]);

/** A method of the instance's classes, not of Object. */
function publicMethod(instance: object, name: string): ((...args: unknown[]) => unknown) | undefined {
  for (
    let owner = Object.getPrototypeOf(instance);
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    const property = Object.getOwnPropertyDescriptor(owner, name);
    if (property !== undefined) return typeof property.value === "function" ? property.value : undefined;
  }
  return undefined;
}

function decodeFrame(payload: Uint8Array): readonly unknown[] {
  let frame: unknown;
  try {
    frame = decoder.decode(payload);
  } catch {
    throw new ProtocolError("a frame that is not CBOR");
  }
  if (!Array.isArray(frame)) throw new ProtocolError("a frame that is not an array");
  return frame;
}

function handleOf(frame: readonly unknown[]): number {
  const handle = frame[1];
  if (typeof handle !== "number" || !Number.isInteger(handle) || handle < 1) throw new ProtocolError("no handle");
  return handle;
}

/** The options with a function in the place of each callback: the world only looks whether there is one. */
function withCallbacks(options: object): object {
  const entries = Object.entries(options).map(([name, value]) => [
    name,
    name.startsWith("on") && value === true ? () => {} : value,
  ]);
  return Object.fromEntries(entries);
}
