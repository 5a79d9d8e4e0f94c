import { type CborValue, decodeCbor, encodeCbor } from "../../firmware/codec/cbor.ts";
import { type FramePipe, toFirmware, toWorld } from "./protocol.ts";

/** What the world can call back: an instance that was opened over the bridge. */
export interface BridgedInstance {
  deliver(callback: string, args: readonly CborValue[]): void;
}

/** The error that ends everything: the other side hung up or does not speak the protocol. */
export class BridgeError extends Error {
  override readonly name = "BridgeError";
}

const errorTypes: Readonly<Record<string, new (message: string) => Error>> = Object.freeze({
  Error,
  RangeError,
  TypeError,
});

/** The firmware's end of the bridge. What went through it may have been a card's: no frame is left in memory. */
export class Bridge {
  readonly #pipe: FramePipe;
  /** Who was opened, and under which handles, place by place: an entry of a map takes slots of its own, one of an array none. */
  readonly #instances: BridgedInstance[] = [];
  readonly #opened: number[] = [];
  /** Who was called last. */
  #called = 0;
  #callee: BridgedInstance | undefined;
  readonly #config: CborValue;
  #handles = 0;
  #now: number;
  #wall: number;

  /** Waits for the world's first frame. */
  constructor(pipe: FramePipe) {
    this.#pipe = pipe;
    const [kind, now, wall, config] = frameFields(pipe.read());
    if (kind !== toFirmware.start || typeof now !== "number" || typeof wall !== "number") {
      throw new BridgeError("the world did not start");
    }
    this.#now = now;
    this.#wall = wall;
    this.#config = config;
  }

  /** The world's time in milliseconds; it stands still while the firmware runs. */
  get now(): number {
    return this.#now;
  }

  /** What the device's clock chip shows, in milliseconds since 1970-01-01 UTC. */
  get wall(): number {
    return this.#wall;
  }

  /** What the world said at the start. */
  get config(): CborValue {
    return this.#config;
  }

  /** Opens an instance of one of the world's classes and returns its handle; throws what its constructor throws. */
  open(instance: BridgedInstance, className: string, options: object): number {
    const handle = ++this.#handles;
    this.#send([toWorld.open, handle, className, plainOptions(options)]);
    this.#answer();
    this.#instances.push(instance);
    this.#opened.push(handle);
    return handle;
  }

  /** Calls a method and waits for its result; throws what it throws. */
  call(handle: number, method: string, args: readonly CborValue[]): CborValue {
    if (!this.#pipe.request?.(toWorld.call, handle, method, args)) this.#send([toWorld.call, handle, method, args]);
    return this.#answer();
  }

  /** Calls a method without waiting. */
  post(handle: number, method: string, args: readonly CborValue[]): void {
    if (!this.#pipe.request?.(toWorld.post, handle, method, args)) this.#send([toWorld.post, handle, method, args]);
  }

  close(handle: number): void {
    if (handle === this.#called) {
      this.#called = 0;
      this.#callee = undefined;
    }
    const place = this.#opened.indexOf(handle);
    this.#instances.splice(place, 1);
    this.#opened.splice(place, 1);
    if (!this.#pipe.request?.(toWorld.close, handle)) this.#send([toWorld.close, handle]);
  }

  /**
   * Says that there is nothing to do until `deadline` and delivers what the world wakes the firmware with.
   * @returns "time" when the deadline has come, "signal" when a callback was called, "ended" when the world has hung up
   */
  idle(deadline: number | undefined): "time" | "signal" | "ended" {
    const until = deadline ?? null;
    if (!this.#pipe.request?.(toWorld.idle, until)) this.#send([toWorld.idle, until]);
    const fields = this.#fields();
    if (fields === undefined) return "ended";
    // By their places: taking an array apart with a pattern calls its iterator for each.
    const kind = fields[0];
    const now = fields[1];
    const wall = fields[2];
    if (typeof now !== "number" || typeof wall !== "number") throw new BridgeError("wrong wake");
    this.#now = now;
    this.#wall = wall;
    if (kind === toFirmware.time) return "time";
    const handle = fields[3];
    const callback = fields[4];
    const args = fields[5];
    if (kind !== toFirmware.signal || typeof handle !== "number" || typeof callback !== "string" || !isArray(args)) {
      throw new BridgeError("wrong wake");
    }
    this.#find(handle)?.deliver(callback, args);
    return "signal";
  }

  /** Mostly the one that was called last. */
  #find(handle: number): BridgedInstance | undefined {
    if (handle !== this.#called) {
      this.#callee = this.#instances[this.#opened.indexOf(handle)];
      this.#called = handle;
    }
    return this.#callee;
  }

  /** What the world wakes the firmware with; undefined when it has hung up. */
  #fields(): readonly CborValue[] | undefined {
    const pipe = this.#pipe;
    if (pipe.receive !== undefined) {
      const fields = pipe.receive(pipe);
      if (fields !== pipe) return fields as readonly CborValue[] | undefined;
    }
    const payload = pipe.read();
    return payload === undefined ? undefined : frameFields(payload);
  }

  #send(fields: readonly CborValue[]): void {
    const payload = encodeCbor(fields);
    this.#pipe.write(payload);
    payload.fill(0);
  }

  #answer(): CborValue {
    const pipe = this.#pipe;
    if (pipe.reply !== undefined) {
      const given = pipe.reply(pipe);
      if (given !== pipe) return given as CborValue;
    }
    const [kind, value, errorName] = frameFields(pipe.read());
    if (kind === toFirmware.done) return value;
    if (kind !== toFirmware.error || typeof value !== "string") throw new BridgeError("wrong answer");
    const type = typeof errorName === "string" && Object.hasOwn(errorTypes, errorName) ? errorTypes[errorName] : Error;
    throw new (type ?? Error)(value);
  }
}

function frameFields(payload: Uint8Array | undefined): readonly CborValue[] {
  if (payload === undefined) throw new BridgeError("the world has hung up");
  const fields = decodeCbor(payload);
  payload.fill(0);
  if (!isArray(fields)) throw new BridgeError("a frame must be an array");
  return fields;
}

/** Options as the world needs them: callbacks as `true`, other functions (an injected IO class) left out. */
function plainOptions(options: object): CborValue {
  const plain: Record<string, CborValue> = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "function") plain[name] = value as CborValue;
    else if (name.startsWith("on")) plain[name] = true;
  }
  return plain;
}

function isArray(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}
