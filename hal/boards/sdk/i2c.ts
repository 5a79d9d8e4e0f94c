import Bus from "embedded:implementation/i2csync";
import type { I2c, I2cOptions, SmBus } from "../../io.ts";
import { opened } from "./opened.ts";

/** Where an I2C bus is. */
export interface I2cPins {
  readonly data: number;
  readonly clock: number;
}

const DEFAULT_HZ = 100_000;

function open(pins: Readonly<Record<number, I2cPins>>, { bus, address, hz = DEFAULT_HZ }: I2cOptions): Bus {
  const lines = pins[bus];
  if (lines === undefined) throw new RangeError("no such I2C bus");
  return new Bus({ ...lines, port: bus, address, hz });
}

/** I2C of the ESP32, waiting for each transfer. A missing acknowledge throws. */
export class SdkI2c implements I2c {
  #bus: Bus | undefined;

  constructor(pins: Readonly<Record<number, I2cPins>>, options: I2cOptions) {
    this.#bus = open(pins, options);
  }

  read(byteLength: number): Uint8Array {
    return new Uint8Array(opened(this.#bus).read(byteLength));
  }

  write(bytes: Uint8Array): void {
    opened(this.#bus).write(bytes);
  }

  close(): void {
    this.#bus?.close();
    this.#bus = undefined;
  }
}

/** SMBus over the same bus: a register's number, then its bytes. */
export class SdkSmBus implements SmBus {
  #bus: Bus | undefined;

  constructor(pins: Readonly<Record<number, I2cPins>>, options: I2cOptions) {
    this.#bus = open(pins, options);
  }

  readUint8(register: number): number {
    return this.readBuffer(register, 1)[0]!;
  }

  writeUint8(register: number, value: number): void {
    opened(this.#bus).write(Uint8Array.of(register, value));
  }

  readBuffer(register: number, byteLength: number): Uint8Array {
    return new Uint8Array(opened(this.#bus).writeRead(Uint8Array.of(register), byteLength));
  }

  writeBuffer(register: number, bytes: Uint8Array): void {
    const message = new Uint8Array(1 + bytes.length);
    message[0] = register;
    message.set(bytes, 1);
    opened(this.#bus).write(message);
  }

  close(): void {
    this.#bus?.close();
    this.#bus = undefined;
  }
}
