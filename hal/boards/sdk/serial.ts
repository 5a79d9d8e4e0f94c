import Port from "embedded:io/serial";
import type { Serial, SerialOptions } from "../../io.ts";
import { Input } from "./input.ts";
import { opened } from "./opened.ts";
import { even } from "./parity.js";

/** Where a UART's lines are; `transmit` is absent where nothing is ever sent. */
export interface SerialPins {
  readonly receive: number;
  readonly transmit?: number;
}

/** Bytes that wait for the UART, whose own output holds 128: less than three rows of a receipt. */
const OUTPUT_SIZE = 512;

/** Serial on a UART of the ESP32. The SDK reports no line errors, so `onError` is never called. */
export class SdkSerial implements Serial {
  readonly #options: SerialOptions;
  readonly #input: Input;
  readonly #output = new Uint8Array(OUTPUT_SIZE);
  #port: Port | undefined;
  /** Bytes of `#output` that wait. */
  #waiting = 0;
  /** Bytes that the UART takes now. */
  #room = 0;
  /** `onWritable` is owed. */
  #owed = true;

  constructor(pins: Readonly<Record<number, SerialPins>>, options: SerialOptions) {
    const lines = pins[options.port];
    if (lines === undefined) throw new RangeError("no such serial port");
    this.#options = options;
    this.#input = new Input((bytes) => this.#readable(bytes));
    this.#port = new Port({
      ...lines,
      port: options.port,
      baud: options.baud,
      format: "buffer",
      onReadable: (bytes) => this.#readable(bytes + this.#input.length),
      ...(lines.transmit === undefined ? {} : { onWritable: (bytes: number) => this.#drain(bytes) }),
    });
    if (options.frame === undefined) return;
    try {
      even(options.port);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(byteLength?: number): Uint8Array | undefined {
    return this.#input.take(this.#received(), byteLength);
  }

  write(bytes: Uint8Array): void {
    opened(this.#port);
    if (bytes.length > OUTPUT_SIZE - this.#waiting) throw new RangeError("output full");
    this.#output.set(bytes, this.#waiting);
    this.#waiting += bytes.length;
    this.#owed = true;
    this.#send();
  }

  flushInput(): void {
    const received = this.#received();
    if (received !== undefined) new Uint8Array(received).fill(0);
    this.#input.clear();
  }

  close(): void {
    this.#port?.close();
    this.#port = undefined;
    this.#input.clear();
    this.#output.fill(0);
  }

  #received(): ArrayBuffer | undefined {
    return opened(this.#port).read() as ArrayBuffer | undefined;
  }

  #readable(bytes: number): void {
    if (this.#port !== undefined) this.#options.onReadable?.call(this, bytes);
  }

  #drain(room: number): void {
    if (this.#port === undefined) return;
    this.#room = room;
    this.#send();
    if (this.#waiting > 0 || !this.#owed) return;
    this.#owed = false;
    this.#options.onWritable?.call(this, OUTPUT_SIZE);
  }

  #send(): void {
    const count = Math.min(this.#room, this.#waiting);
    if (count === 0) return;
    opened(this.#port).write(this.#output.slice(0, count));
    this.#output.copyWithin(0, count, this.#waiting);
    this.#waiting -= count;
    this.#room -= count;
  }
}
