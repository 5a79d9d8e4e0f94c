import type { World } from "../world/kernel.ts";
import { take } from "./byte-queue.ts";

/** A chip at the far end of a UART: gets what the firmware wrote, when its last bit has arrived. */
export interface SerialPeer {
  receive(bytes: Uint8Array): void;
  /** While false (flow control: RTS or XOFF) the device's UART holds its bytes back; call `wire.resume()` afterwards. */
  readonly accepting?: boolean;
}

/** The device's end of the wire: the IO class. */
export interface SerialEnd {
  received(): void;
  drained(): void;
  /** Some of what was written has left. */
  sent?(): void;
}

const OUTPUT_SIZE = 2048;
const INPUT_SIZE = 4096;
const CHUNK = 256;

/** One UART's two wires with their pace: ten bit times a byte. */
export class SerialWire {
  readonly #world: World;
  #baud = 115_200;
  #peer: SerialPeer | undefined;
  #end: SerialEnd | undefined;
  #output: Uint8Array[] = [];
  #outputLength = 0;
  #sending = false;
  /** Bytes that the writer knows it may still write. */
  #promised = OUTPUT_SIZE;
  #owed = false;
  #input: Uint8Array[] = [];
  #inputLength = 0;
  #inputFreeAt = 0;
  #generation = 0;
  /** Bytes lost because the firmware did not read in time. */
  overruns = 0;

  constructor(world: World) {
    this.#world = world;
  }

  // --- the chip's side

  /** The speed that the device has set: a chip that has another one hears rubbish. */
  get baud(): number {
    return this.#baud;
  }

  attach(peer: SerialPeer): void {
    this.#peer = peer;
  }

  /** The chip sends; the firmware hears of it when the last bit has arrived. Lost while no one has the port open. */
  send(bytes: Uint8Array): void {
    const generation = this.#generation;
    const start = Math.max(this.#world.now, this.#inputFreeAt);
    this.#inputFreeAt = start + this.#time(bytes.length);
    const copy = bytes.slice();
    this.#world.after(this.#inputFreeAt - this.#world.now, () => {
      if (generation !== this.#generation || this.#end === undefined) return;
      if (this.#inputLength + copy.length > INPUT_SIZE) {
        this.overruns += copy.length;
        return;
      }
      this.#input.push(copy);
      this.#inputLength += copy.length;
      this.#end.received();
    });
  }

  /** The chip takes bytes again. */
  resume(): void {
    this.#pump();
  }

  // --- the device's side

  connect(end: SerialEnd, baud: number): void {
    if (this.#end !== undefined) throw new Error("serial port is in use");
    this.#end = end;
    this.#baud = baud;
  }

  disconnect(): void {
    this.#generation++;
    this.#end = undefined;
    this.#output = [];
    this.#outputLength = 0;
    this.#sending = false;
    this.#promised = OUTPUT_SIZE;
    this.#owed = false;
    this.flushInput();
    this.#inputFreeAt = 0;
  }

  get readable(): number {
    return this.#inputLength;
  }

  get writable(): number {
    return OUTPUT_SIZE - this.#outputLength;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.writable) throw new RangeError("output full");
    if (bytes.length === 0) return;
    this.#output.push(bytes.slice());
    this.#outputLength += bytes.length;
    this.#promised -= bytes.length;
    if (this.#promised < OUTPUT_SIZE / 2) this.#owed = true;
    this.#pump();
  }

  read(byteLength: number): Uint8Array | undefined {
    if (this.#inputLength === 0 || byteLength === 0) return undefined;
    const length = Math.min(byteLength, this.#inputLength);
    this.#inputLength -= length;
    return take(this.#input, length).slice();
  }

  flushInput(): void {
    this.#input = [];
    this.#inputLength = 0;
  }

  #pump(): void {
    if (this.#sending || this.#outputLength === 0 || this.#peer?.accepting === false) return;
    this.#sending = true;
    const generation = this.#generation;
    const length = Math.min(CHUNK, this.#outputLength);
    this.#world.after(this.#time(length), () => {
      if (generation !== this.#generation) return;
      this.#sending = false;
      this.#outputLength -= length;
      this.#peer?.receive(take(this.#output, length));
      if (this.#owed && this.#outputLength <= OUTPUT_SIZE / 4) {
        this.#owed = false;
        this.#promised = this.writable;
        this.#end?.drained();
      }
      this.#end?.sent?.();
      this.#pump();
    });
  }

  /** Milliseconds on the wire. */
  #time(bytes: number): number {
    return (bytes * 10_000) / this.#baud;
  }
}
