import type { Serial, SerialConstructor } from "../../io.ts";
import type { Timeouts } from "../timeouts.ts";

/** What comes in is asked for piece by piece: `enough` says how many bytes are awaited, given those that are there. */
export interface Reception {
  readonly enough: (bytes: Uint8Array) => number;
  /** Milliseconds until the first byte, and from one to the next. */
  readonly first: number;
  readonly next: number;
  /** `undefined`: silence; fewer bytes than were awaited: it broke off. */
  readonly heard: (bytes: Uint8Array | undefined) => void;
}

/** A card's single line on a UART, both ways: what is sent comes back, and is dropped. */
export class CardLine {
  readonly #port: { readonly io: SerialConstructor; readonly port: number };
  readonly #timeouts: Timeouts;
  readonly #failed: () => void;
  #serial: Serial | undefined;
  #baud = 0;
  #writable = false;
  #waiting: Uint8Array | undefined;
  /** Own bytes that have not come back. */
  #echo = 0;
  #received = new Uint8Array(0);
  #reception: Reception | undefined;
  #deadline: number | undefined;

  constructor(port: { readonly io: SerialConstructor; readonly port: number }, timeouts: Timeouts, failed: () => void) {
    this.#port = port;
    this.#timeouts = timeouts;
    this.#failed = failed;
  }

  /** Opens the line at a speed, in place of the one before: what was under way is forgotten. */
  open(baud: number): void {
    this.close();
    this.#baud = baud;
    const { io: Port, port } = this.#port;
    this.#serial = new Port({
      port,
      baud,
      frame: "8E2",
      onReadable: () => this.#readable(),
      onWritable: () => this.#drained(),
      onError: () => this.#failed(),
    });
  }

  close(): void {
    this.forget();
    this.#writable = false;
    this.#echo = 0;
    this.#serial?.close();
    this.#serial = undefined;
  }

  /** Gives up what is awaited: nothing of it is called back. */
  forget(): void {
    this.#timeouts.cancel(this.#deadline);
    this.#reception = undefined;
    this.#waiting?.fill(0);
    this.#waiting = undefined;
    this.#received.fill(0);
    this.#received = new Uint8Array(0);
  }

  /** Sends these bytes, then listens; where there are none, what came behind the last reception is its beginning. */
  exchange(bytes: Uint8Array, reception: Reception): void {
    if (bytes.length > 0) this.forget();
    this.#reception = reception;
    const flight = (bytes.length * 12_000) / this.#baud;
    const here = this.#received.length > 0 && this.#received.length >= reception.enough(this.#received);
    this.#arm(here ? 0 : flight + reception.first);
    if (bytes.length === 0) return;
    this.#waiting = bytes.slice();
    if (this.#writable) this.#write();
  }

  #drained(): void {
    this.#writable = true;
    this.#write();
  }

  #write(): void {
    const bytes = this.#waiting;
    if (bytes === undefined) return;
    this.#waiting = undefined;
    this.#echo = bytes.length;
    try {
      this.#serial?.write(bytes);
    } catch {
      // the deadline ends it
    }
    bytes.fill(0);
  }

  #readable(): void {
    const bytes = this.#serial?.read();
    if (bytes === undefined) return;
    const own = Math.min(this.#echo, bytes.length);
    this.#echo -= own;
    const fresh = bytes.subarray(own);
    if (fresh.length > 0 && this.#reception !== undefined) {
      const joined = new Uint8Array(this.#received.length + fresh.length);
      joined.set(this.#received);
      joined.set(fresh, this.#received.length);
      this.#received.fill(0);
      this.#received = joined;
      if (joined.length >= this.#reception.enough(joined)) this.#end();
      else this.#arm(this.#reception.next);
    }
    bytes.fill(0);
  }

  #arm(milliseconds: number): void {
    this.#timeouts.cancel(this.#deadline);
    this.#deadline = this.#timeouts.after(Math.ceil(milliseconds), () => this.#end());
  }

  #end(): void {
    const reception = this.#reception;
    if (reception === undefined) return;
    const all = this.#received;
    const bytes = all.length === 0 ? undefined : all.slice(0, reception.enough(all));
    this.#received = all.slice(bytes?.length ?? 0);
    all.fill(0);
    this.#timeouts.cancel(this.#deadline);
    this.#reception = undefined;
    reception.heard(bytes);
  }
}
