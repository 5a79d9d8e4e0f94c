import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Registers (AW9523B data sheet, register list). */
const INPUT = 0x00;
const OUTPUT = 0x02;
const CONFIG = 0x04;
const INTERRUPT = 0x06;
const ID = 0x10;
const CONTROL = 0x11;
const MODE = 0x12;
const RESET = 0x7f;
const CHIP = 0x23;
const PUSH_PULL = 0x10;
const PINS = 16;
const REGISTERS = 0x14;

/**
 * Port expander AW9523B: its pins are wires of the board's, numbered from `pins`. A pin of P0 that is no push-pull output lets go of
 * its wire, which the board pulls up. An input that changed from what was read last pulls the interrupt low until it is read.
 */
export class Aw9523Chip implements I2cPeer {
  readonly #wires: readonly DigitalWire[];
  readonly #interrupt: DigitalWire;
  #registers = new Uint8Array(REGISTERS);
  /** The inputs that changed since they were last read. */
  #changed = 0;
  #pointer = 0;
  /** What each pin drives. */
  readonly #held: (0 | 1 | undefined)[] = [];
  /** Writes to what cannot be written, and to registers that there are not. */
  protocolErrors = 0;

  constructor(
    board: Board,
    wires: { readonly bus: number; readonly address: number; readonly interrupt: number; readonly pins: number },
  ) {
    this.#interrupt = board.digitalWire(wires.interrupt);
    this.#wires = Array.from({ length: PINS }, (_, pin) => board.digitalWire(wires.pins + pin));
    this.#wires.forEach((wire, pin) => {
      wire.watch(() => this.#moved(pin));
    });
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset());
    this.#reset();
  }

  write(bytes: Uint8Array): void {
    const [register = 0, ...values] = bytes;
    this.#pointer = register;
    for (const value of values) this.#store(this.#pointer++, value);
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => this.#load(this.#pointer++));
  }

  /** The level that a pin drives; undefined where it drives none. */
  #driven(pin: number): 0 | 1 | undefined {
    const [port, bit] = [pin >> 3, pin & 7];
    const isSet = (register: number): boolean => ((this.#registers[register + port]! >> bit) & 1) === 1;
    if (isSet(CONFIG) || !isSet(MODE)) return undefined;
    const level = isSet(OUTPUT) ? 1 : 0;
    const open = port === 0 && (this.#registers[CONTROL]! & PUSH_PULL) === 0;
    return open && level === 1 ? undefined : level;
  }

  #levels(): number {
    return this.#wires.reduce((levels, { level }, pin) => levels | (level << pin), 0);
  }

  #load(register: number): number {
    if (register !== INPUT && register !== INPUT + 1) return this.#registers[register] ?? 0;
    const shift = 8 * (register - INPUT);
    const levels = this.#levels();
    this.#changed &= ~(0xff << shift);
    this.#signal();
    return (levels >> shift) & 0xff;
  }

  #store(register: number, value: number): void {
    if (register === RESET) {
      this.#reset();
      return;
    }
    if (register < OUTPUT || register >= REGISTERS || register === ID) {
      this.protocolErrors++;
      return;
    }
    this.#registers[register] = value;
    this.#drive();
    this.#signal();
  }

  #drive(): void {
    this.#wires.forEach((wire, pin) => {
      const level = this.#driven(pin);
      if (level !== undefined) wire.drive(level);
      else if (this.#held[pin] !== undefined) wire.drive(1);
      this.#held[pin] = level;
    });
  }

  #moved(pin: number): void {
    if (((this.#registers[CONFIG + (pin >> 3)]! >> (pin & 7)) & 1) === 0) return;
    this.#changed |= 1 << pin;
    this.#signal();
  }

  #signal(): void {
    const enabled = ~(this.#registers[INTERRUPT]! | (this.#registers[INTERRUPT + 1]! << 8));
    this.#interrupt.drive((this.#changed & enabled) === 0 ? 1 : 0);
  }

  /** As after power-on with AD0 and AD1 low: all pins are outputs, and low. */
  #reset(): void {
    this.#registers = new Uint8Array(REGISTERS);
    this.#registers[ID] = CHIP;
    this.#registers.fill(0xff, MODE, MODE + 2);
    this.#changed = 0;
    this.#pointer = 0;
    this.#drive();
    this.#signal();
  }
}
