import Timer from "timer";

/**
 * What was received and not read. The SDK gives everything it holds at once and announces it once; our `read` may ask
 * for less, and the rest is announced again.
 */
export class Input {
  readonly #announce: (bytes: number) => void;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(announce: (bytes: number) => void) {
    this.#announce = announce;
  }

  get length(): number {
    return this.#rest.length;
  }

  /** At most `byteLength` bytes of the rest and of what has come since, or `undefined`. */
  take(fresh: ArrayBuffer | undefined, byteLength: number | undefined): Uint8Array | undefined {
    const bytes = this.#with(fresh);
    if (bytes.length === 0) return undefined;
    if (byteLength === undefined || byteLength >= bytes.length) {
      this.#rest = new Uint8Array(0);
      return bytes;
    }
    const taken = bytes.slice(0, byteLength);
    this.#rest = bytes.slice(byteLength);
    bytes.fill(0);
    Timer.set(() => {
      if (this.#rest.length > 0) this.#announce(this.#rest.length);
    }, 0);
    return taken;
  }

  /** Wipes what was not read: it can be a card's track. */
  clear(): void {
    this.#rest.fill(0);
    this.#rest = new Uint8Array(0);
  }

  #with(fresh: ArrayBuffer | undefined): Uint8Array {
    if (fresh === undefined) return this.#rest;
    const added = new Uint8Array(fresh);
    if (this.#rest.length === 0) return added;
    const joined = new Uint8Array(this.#rest.length + added.length);
    joined.set(this.#rest);
    joined.set(added, this.#rest.length);
    added.fill(0);
    this.clear();
    return joined;
  }
}
