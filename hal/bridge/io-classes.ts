import type { CborValue } from "../../firmware/codec/cbor.ts";
import type { Bridge } from "./bridge.ts";

/**
 * How the methods of a class travel: calls wait for the answer, posts do not. A promised one takes bytes, and waits only
 * where they are more than `onWritable` has said that there is room for.
 */
interface Methods {
  readonly calls: readonly string[];
  readonly posts: readonly string[];
  readonly promised?: string;
  /** What is the same for all instances in every world. */
  readonly constants?: Readonly<Record<string, CborValue>>;
  /** Options that an instance has as properties: worlds give what is asked for, or refuse it. */
  readonly kept?: readonly string[];
  /** Properties that are set and never read: a post of the name with "=" behind it. */
  readonly settings?: readonly string[];
}

/** Every class that goes over the bridge. What may throw for its arguments or its peer is a call. */
const methodsOf = Object.freeze({
  Serial: { calls: ["read", "flushInput"], posts: [], promised: "write" },
  I2C: { calls: ["read", "write"], posts: [] },
  SMBus: { calls: ["readUint8", "writeUint8", "readBuffer", "writeBuffer"], posts: [] },
  SPI: { calls: ["transfer"], posts: ["write"] },
  Digital: { calls: ["read"], posts: ["write"] },
  PWM: { calls: [], posts: ["write"], constants: { resolution: 10 } },
  AudioOut: {
    calls: [],
    posts: ["start", "stop"],
    promised: "write",
    kept: ["sampleRate"],
    settings: ["volume"],
  },
  ImageIn: { calls: ["read"], posts: ["start", "stop"] },
  TCP: { calls: ["read", "write"], posts: [] },
  Listener: { calls: ["read"], posts: [] },
  TLS: { calls: ["read", "write", "accept"], posts: [] },
  Flash: { calls: ["status", "read", "write", "eraseBlock"], posts: [] },
  SecureStorage: { calls: ["read", "write", "erase"], posts: [] },
  RandomSource: { calls: ["read"], posts: [] },
  System: { calls: [], posts: ["restart", "alive"] },
  FirmwareSlots: { calls: ["running", "start", "keep"], posts: [] },
  Recorder: { calls: [], posts: ["write"] },
}) satisfies Readonly<Record<string, Methods>>;

export type BridgedClassName = keyof typeof methodsOf;

/**
 * An instance on the world's side, by its handle; its methods come from the table. Between a method and the pipe lie as
 * few calls as can be: each takes a dozen slots of a device's small stack, and real IO would take none of them.
 */
export class BridgedIo {
  readonly #bridge: Bridge;
  readonly #callbacks: Readonly<Record<string, unknown>>;
  readonly #handle: number;
  #closed = false;

  constructor(bridge: Bridge, className: BridgedClassName, options: object) {
    this.#bridge = bridge;
    this.#callbacks = callbacksOf(options);
    this.#handle = bridge.open(this, className, options);
  }

  /** Frees the instance; may be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#bridge.close(this.#handle);
  }

  /** Calls the callback of that name, with `this` the instance. */
  deliver(callback: string, args: readonly CborValue[]): void {
    const call = this.#callbacks[callback];
    if (!this.#closed && typeof call === "function") call.apply(this, args);
  }

  /** A method of the world's class that waits for its answer. */
  static call(method: string): BridgedMethod {
    return function call(...args) {
      if (this.#closed) throw new Error("closed");
      return this.#bridge.call(this.#handle, method, args);
    };
  }

  /** A method of the world's class that does not wait. */
  static post(method: string): BridgedMethod {
    return function post(...args) {
      if (this.#closed) throw new Error("closed");
      this.#bridge.post(this.#handle, method, args);
      return undefined;
    };
  }
}

/** The world knows the rest, and need not be told twice. */
function callbacksOf(options: object): Record<string, unknown> {
  const callbacks: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("on") && typeof value === "function") callbacks[name] = value;
  }
  return callbacks;
}

/** An instance that is told how many bytes it may write without being refused. */
class PromisedIo extends BridgedIo {
  #room = 0;

  override deliver(callback: string, args: readonly CborValue[]): void {
    const [room] = args;
    if (callback === "onWritable" && typeof room === "number") this.#room = room;
    super.deliver(callback, args);
  }

  /** A method of the world's class that waits where its bytes may be refused. */
  static promised(method: string): (this: PromisedIo, bytes: CborValue) => CborValue {
    const [call, post] = [BridgedIo.call(method), BridgedIo.post(method)];
    return function promised(bytes) {
      if (!(bytes instanceof Uint8Array) || bytes.length > this.#room) return call.call(this, bytes);
      this.#room -= bytes.length;
      return post.call(this, bytes);
    };
  }
}

type BridgedMethod = (this: BridgedIo, ...args: CborValue[]) => CborValue;
type BridgedConstructor = new (bridge: Bridge, options: object) => BridgedIo;

function makeClass(className: BridgedClassName): BridgedConstructor {
  const { calls, posts, promised, constants = {}, kept = [], settings = [] }: Methods = methodsOf[className];
  const bridged = class extends (promised === undefined ? BridgedIo : PromisedIo) {
    constructor(bridge: Bridge, options: object) {
      super(bridge, className, options);
      for (const name of kept) Object.defineProperty(this, name, { value: (options as Record<string, unknown>)[name] });
    }
  };
  for (const name of settings) Object.defineProperty(bridged.prototype, name, { set: BridgedIo.post(`${name}=`) });
  if (promised !== undefined) define(bridged.prototype, promised, PromisedIo.promised(promised));
  for (const [name, value] of Object.entries(constants)) define(bridged.prototype, name, value);
  for (const method of calls) define(bridged.prototype, method, BridgedIo.call(method));
  for (const method of posts) define(bridged.prototype, method, BridgedIo.post(method));
  return bridged;
}

function define(
  prototype: object,
  name: string,
  value: CborValue | ((this: never, ...args: CborValue[]) => CborValue),
): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/** The classes, made once: preloaded they lie in flash. Each takes the bridge before its options. */
export const bridgedClasses = Object.freeze(
  Object.fromEntries((Object.keys(methodsOf) as BridgedClassName[]).map((name) => [name, makeClass(name)])),
) as Readonly<Record<BridgedClassName, BridgedConstructor>>;
