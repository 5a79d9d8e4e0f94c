import type { SerialOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board } from "./board.ts";
import type { SerialWire } from "./serial-wire.ts";

/** ECMA-419 Serial on a virtual wire. */
export class SimulatedSerial extends SimulatedIo {
  readonly #wire: SerialWire;
  #announced = false;

  constructor(board: Board, options: SerialOptions) {
    if (!Number.isInteger(options.port)) throw new RangeError("serial port");
    if (!(options.baud >= 300 && options.baud <= 4_000_000)) throw new RangeError("baud");
    super(board, options);
    this.#wire = board.serialWire(options.port);
    try {
      this.#wire.connect({ received: () => this.#announce(), drained: () => this.#writable() }, options.baud);
    } catch (error) {
      this.close();
      throw error;
    }
    this.#writable();
  }

  read(byteLength: number = Number.MAX_SAFE_INTEGER): Uint8Array | undefined {
    this.check();
    this.#announced = false;
    const bytes = this.#wire.read(byteLength);
    if (this.#wire.readable > 0) this.#announce();
    return bytes;
  }

  write(bytes: Uint8Array): void {
    this.check();
    this.#wire.write(bytes);
  }

  flushInput(): void {
    this.check();
    this.#announced = false;
    this.#wire.flushInput();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.signalWith("onReadable", () => [this.#wire.readable]);
  }

  #writable(): void {
    this.signalWith("onWritable", () => [this.#wire.writable]);
  }

  protected release(): void {
    this.#wire?.disconnect();
  }
}
