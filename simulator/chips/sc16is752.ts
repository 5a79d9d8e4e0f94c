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
  /** The board's number of the wire at GPIO0; the others follow. */
  readonly pins: number;
}

/** Registers that both channels share. */
const IO_DIRECTION = 0xa;
const IO_STATE = 0xb;
const IO_INTERRUPT = 0xc;
const IO_CONTROL = 0xe;
const PINS = 8;

/**
 * Two UARTs behind I2C, SC16IS752 (NXP data sheet): the first byte of each transfer names register and channel, and stays the
 * same for all bytes that follow. IRQ is low while either channel asks. Eight pins of its own ask for nothing here.
 */
export class Sc16is752Chip implements I2cPeer {
  readonly #interrupt: DigitalWire;
  readonly channels: readonly Uart16is[];
  readonly #pins: readonly DigitalWire[];
  readonly #shared = new Uint8Array(16);
  #place = 0;
  #strangePlaces = 0;

  constructor(board: Board, wires: Sc16is752Wires) {
    this.#interrupt = board.digitalWire(wires.interrupt);
    const asks = (): void => this.#interrupt.drive(this.channels.some((channel) => channel.asks) ? 0 : 1);
    this.channels = wires.lines.map(
      (line) => new Uart16is(board.world, board.serialWire(line), { crystal: wires.crystal, asks }),
    );
    this.#pins = Array.from({ length: PINS }, (_, pin) => board.digitalWire(wires.pins + pin));
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => {
      for (const channel of this.channels) channel.reset();
      this.#shared.fill(0);
    });
  }

  /** What the data sheet forbids. */
  get protocolErrors(): number {
    return this.channels.reduce((sum, { breaches }) => sum + breaches, this.#strangePlaces);
  }

  write(bytes: Uint8Array): void {
    const [place = 0, ...values] = bytes;
    this.#place = place;
    for (const value of values) this.#store(value);
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => this.#load());
  }

  #store(value: number): void {
    const channel = this.#channel();
    if (!isShared(this.#register)) {
      channel?.store(this.#register, value);
      return;
    }
    this.#shared[this.#register] = value;
    this.#pins.forEach((wire, pin) => {
      if (((this.#shared[IO_DIRECTION]! >> pin) & 1) === 1) wire.drive(((this.#shared[IO_STATE]! >> pin) & 1) as 0 | 1);
    });
  }

  /** The state of the pins is their level, whoever drives it. */
  #load(): number {
    const channel = this.#channel();
    if (!isShared(this.#register)) return channel?.load(this.#register) ?? 0;
    if (this.#register !== IO_STATE) return this.#shared[this.#register]!;
    return this.#pins.reduce((levels, { level }, pin) => levels | (level << pin), 0);
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

function isShared(register: number): boolean {
  return [IO_DIRECTION, IO_STATE, IO_INTERRUPT, IO_CONTROL].includes(register);
}
