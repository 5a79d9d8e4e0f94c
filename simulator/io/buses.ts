import type { I2cOptions, SpiOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board, I2cPeer, SpiPeer } from "./board.ts";

/** Where a chip is on the board's buses; which one is there is asked at each transfer, as chips come and go with their reset. */
function i2cPlace(options: I2cOptions): string {
  if (!(options.address >= 0 && options.address < 0x80)) throw new RangeError("I2C address");
  return `${options.bus}:${options.address}`;
}

/** ECMA-419 I2C on a virtual bus. */
export class SimulatedI2c extends SimulatedIo {
  readonly #place: string;

  constructor(board: Board, options: I2cOptions) {
    const place = i2cPlace(options);
    super(board, options);
    this.#place = place;
  }

  read(byteLength: number): Uint8Array {
    return this.#chip().read(byteLength);
  }

  write(bytes: Uint8Array): void {
    this.#chip().write(bytes.slice());
  }

  #chip(): I2cPeer {
    this.check();
    const peer = this.board.i2c.get(this.#place);
    if (peer === undefined) throw new Error("no acknowledge");
    return peer;
  }

  protected release(): void {}
}

/** ECMA-419 SMBus: registers over the same bus. */
export class SimulatedSmBus extends SimulatedIo {
  readonly #place: string;

  constructor(board: Board, options: I2cOptions) {
    const place = i2cPlace(options);
    super(board, options);
    this.#place = place;
  }

  readUint8(register: number): number {
    return this.readBuffer(register, 1)[0]!;
  }

  writeUint8(register: number, value: number): void {
    this.writeBuffer(register, Uint8Array.of(value));
  }

  readBuffer(register: number, byteLength: number): Uint8Array {
    const chip = this.#chip();
    chip.write(Uint8Array.of(register));
    return chip.read(byteLength);
  }

  writeBuffer(register: number, bytes: Uint8Array): void {
    this.#chip().write(Uint8Array.of(register, ...bytes));
  }

  #chip(): I2cPeer {
    this.check();
    const peer = this.board.i2c.get(this.#place);
    if (peer === undefined) throw new Error("no acknowledge");
    return peer;
  }

  protected release(): void {}
}

/** ECMA-419 SPI on a virtual bus. */
export class SimulatedSpi extends SimulatedIo {
  readonly #peer: SpiPeer | undefined;

  constructor(board: Board, options: SpiOptions) {
    super(board, options);
    this.#peer = board.spi.get(`${options.bus}:${options.select ?? "by hand"}`);
  }

  write(bytes: Uint8Array): void {
    this.check();
    this.#peer?.write(bytes);
  }

  transfer(bytes: Uint8Array): Uint8Array {
    this.check();
    return this.#peer?.transfer(bytes) ?? new Uint8Array(bytes.length);
  }

  protected release(): void {}
}
