import type { CborValue } from "../../firmware/codec/cbor.ts";
import type { Bridge } from "./bridge.ts";

/** How the methods of a class travel: calls wait for the answer, posts do not. */
interface Methods {
  readonly calls: readonly string[];
  readonly posts: readonly string[];
}

/** Every class that goes over the bridge. What may throw for its arguments or its peer is a call. */
const methodsOf = Object.freeze({
  Serial: { calls: ["read", "write", "flushInput"], posts: [] },
  I2C: { calls: ["read", "write"], posts: [] },
  SMBus: { calls: ["readUint8", "writeUint8", "readBuffer", "writeBuffer"], posts: [] },
  SPI: { calls: ["transfer"], posts: ["write"] },
  Digital: { calls: ["read"], posts: ["write"] },
  TCP: { calls: ["read", "write"], posts: [] },
  Flash: { calls: ["status", "read", "write", "eraseBlock"], posts: [] },
  SecureStorage: { calls: ["read", "write", "erase"], posts: [] },
  RandomSource: { calls: ["read"], posts: [] },
  Recorder: { calls: [], posts: ["write"] },
  RealTimeClock: { calls: ["read"], posts: [] },
}) satisfies Readonly<Record<string, Methods>>;

export type BridgedClassName = keyof typeof methodsOf;

/** An instance on the world's side, by its handle; its methods come from the table. */
export class BridgedIo {
  readonly #bridge: Bridge;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #handle: number;
  #closed = false;

  constructor(bridge: Bridge, className: BridgedClassName, options: object) {
    this.#bridge = bridge;
    this.#options = { ...options };
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
    const call = this.#options[callback];
    if (!this.#closed && typeof call === "function") call.apply(this, args);
  }

  call(method: string, args: readonly CborValue[]): CborValue {
    this.#check();
    return this.#bridge.call(this.#handle, method, args);
  }

  post(method: string, args: readonly CborValue[]): void {
    this.#check();
    this.#bridge.post(this.#handle, method, args);
  }

  #check(): void {
    if (this.#closed) throw new Error("closed");
  }
}

type BridgedConstructor = new (bridge: Bridge, options: object) => BridgedIo;

function makeClass(className: BridgedClassName): BridgedConstructor {
  const bridged = class extends BridgedIo {
    constructor(bridge: Bridge, options: object) {
      super(bridge, className, options);
    }
  };
  const methods: Methods = methodsOf[className];
  for (const method of methods.calls) {
    define(bridged.prototype, method, function call(this: BridgedIo, ...args: CborValue[]) {
      return this.call(method, args);
    });
  }
  for (const method of methods.posts) {
    define(bridged.prototype, method, function post(this: BridgedIo, ...args: CborValue[]) {
      this.post(method, args);
    });
  }
  return bridged;
}

function define(prototype: object, name: string, value: (this: BridgedIo, ...args: CborValue[]) => unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/** The classes, made once: preloaded they lie in flash. Each takes the bridge before its options. */
export const bridgedClasses = Object.freeze(
  Object.fromEntries((Object.keys(methodsOf) as BridgedClassName[]).map((name) => [name, makeClass(name)])),
) as Readonly<Record<BridgedClassName, BridgedConstructor>>;
