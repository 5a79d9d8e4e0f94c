import Bus from "embedded:io/spi";
import type { Closable, Spi, SpiOptions } from "../../io.ts";
import { opened } from "./opened.ts";

/** Where an SPI bus is; `host` is the SDK's number for it (SPI2_HOST is 1). */
export interface SpiPins {
  readonly host: number;
  readonly out: number;
  /** Absent where nothing is ever read. */
  readonly in?: number;
  readonly clock: number;
}

/** The SDK refuses longer writes. */
const LONGEST_WRITE = 65_532;
/** The SDK drops longer transfers without a word. */
const LONGEST_TRANSFER = 1_024;

/** SPI of the ESP32, mode 0, chip-select low; it stays low between calls. */
export class SdkSpi implements Spi {
  /** The SDK's typing forgets that a bus can be closed. */
  #bus: (Bus & Closable) | undefined;

  constructor(pins: Readonly<Record<number, SpiPins>>, { bus, select, hz }: SpiOptions) {
    const lines = pins[bus];
    if (lines === undefined) throw new RangeError("no such SPI bus");
    const { host, ...wires } = lines;
    const selected = select === undefined ? {} : { select, active: 0 as const };
    this.#bus = new Bus({ ...wires, ...selected, port: host, mode: 0, hz }) as Bus & Closable;
  }

  write(bytes: Uint8Array): void {
    const bus = opened(this.#bus);
    for (let at = 0; at < bytes.length; at += LONGEST_WRITE) bus.write(bytes.subarray(at, at + LONGEST_WRITE));
  }

  transfer(bytes: Uint8Array): Uint8Array {
    const bus = opened(this.#bus);
    const received = bytes.slice();
    for (let at = 0; at < received.length; at += LONGEST_TRANSFER) {
      bus.transfer(received.subarray(at, at + LONGEST_TRANSFER));
    }
    return received;
  }

  close(): void {
    this.#bus?.close();
    this.#bus = undefined;
  }
}
