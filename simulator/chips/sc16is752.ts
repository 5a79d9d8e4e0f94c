import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import { Uart16is } from "./sc16is752-channel.ts";

export interface Sc16is752Wires {
  readonly bus: number;
  readonly address: number;
  readonly interrupt: number;
  /** Hertz. */
  readonly crystal: number;
  /** The board's serial wires at channel A and B. */
  readonly lines: readonly [number, number];
}

/**
 * Two UARTs behind I2C, SC16IS752 (NXP data sheet): the first byte of each transfer names register and channel, and stays the
 * same for all bytes that follow. IRQ is low while either channel asks.
 */
export class Sc16is752Chip implements I2cPeer {
  readonly #interrupt: DigitalWire;
  readonly channels: readonly Uart16is[];
  #place = 0;
  #strangePlaces = 0;

  constructor(board: Board, wires: Sc16is752Wires) {
    this.#interrupt = board.digitalWire(wires.interrupt);
    const asks = (): void => this.#interrupt.drive(this.channels.some((channel) => channel.asks) ? 0 : 1);
    this.channels = wires.lines.map(
      (line) => new Uart16is(board.world, board.serialWire(line), { crystal: wires.crystal, asks }),
    );
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => {
      for (const channel of this.channels) channel.reset();
    });
  }

  /** What the data sheet forbids. */
  get protocolErrors(): number {
    return this.channels.reduce((sum, { breaches }) => sum + breaches, this.#strangePlaces);
  }

  write(bytes: Uint8Array): void {
    const [place = 0, ...values] = bytes;
    this.#place = place;
    for (const value of values) this.#channel()?.store(this.#register, value);
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => this.#channel()?.load(this.#register) ?? 0);
  }

  get #register(): number {
    return (this.#place >> 3) & 0x0f;
  }

  /** Bits 7 and 0 of a place are 0, bits 2 and 1 the channel. */
  #channel(): Uart16is | undefined {
    const channel = (this.#place & 0x81) === 0 ? this.channels[(this.#place >> 1) & 3] : undefined;
    if (channel === undefined) this.#strangePlaces++;
    return channel;
  }
}
