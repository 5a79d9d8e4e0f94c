import type { Board, I2cPeer } from "../io/board.ts";
import type { World } from "../world/kernel.ts";

/** Registers (PCF8563 data sheet, 8.2). */
const CONTROL_STATUS_1 = 0x00;
const VL_SECONDS = 0x02;
const YEARS = 0x08;
const REGISTERS = 16;
const STOP = 0x20;
const VOLTAGE_LOW = 0x80;
const CENTURY = 0x80;
/** From the end of STOP to the first increment, in milliseconds (data sheet, 8.10). */
const FIRST_SECOND = 508;
/** What comes back of each time register. */
const READABLE: readonly number[] = [0xff, 0x7f, 0x3f, 0x3f, 0x07, 0x9f, 0xff];

/** Real-time clock PCF8563 with its battery: it runs on through power cuts, until the battery is taken out. */
export class Pcf8563Chip implements I2cPeer {
  readonly #world: World;
  readonly #registers = new Uint8Array(REGISTERS);
  #pointer = 0;
  /** The world's time at which the seconds became what the registers show. */
  #since = 0;

  constructor(board: Board, wires: { readonly bus: number; readonly address: number }) {
    this.#world = board.world;
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    this.exchangeBattery();
  }

  /** A new battery: the time is lost, and the chip knows it. */
  exchangeBattery(): void {
    this.#registers.fill(0);
    this.#registers.set([VOLTAGE_LOW, 0, 0, 1, 0, 1, 0], VL_SECONDS);
    this.#since = this.#world.now;
  }

  /** The battery has become weak: the time runs on, and the chip says that it may be wrong. */
  weakenBattery(): void {
    this.#tick();
    this.#registers[VL_SECONDS]! |= VOLTAGE_LOW;
  }

  write(bytes: Uint8Array): void {
    const [register = 0, ...values] = bytes;
    this.#tick();
    this.#pointer = register % REGISTERS;
    for (const value of values) {
      this.#store(this.#pointer, value);
      this.#pointer = (this.#pointer + 1) % REGISTERS;
    }
  }

  /** During a transfer the time stands still (8.5). */
  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => {
      const register = this.#pointer;
      this.#pointer = (register + 1) % REGISTERS;
      return this.#registers[register]! & (READABLE[register - VL_SECONDS] ?? 0xff);
    });
  }

  #store(register: number, value: number): void {
    const stopped = (this.#registers[CONTROL_STATUS_1]! & STOP) !== 0;
    this.#registers[register] = value;
    const stops = (this.#registers[CONTROL_STATUS_1]! & STOP) !== 0;
    if (stopped && !stops) this.#since = this.#world.now + FIRST_SECOND - 1_000;
    if (!stopped && register === VL_SECONDS) this.#since = this.#world.now;
  }

  /** Counts the seconds that have passed, as the chip's counters do: years run from 00 to 99, each fourth has a leap day. */
  #tick(): void {
    const registers = this.#registers;
    if ((registers[CONTROL_STATUS_1]! & STOP) !== 0) return;
    const passed = Math.floor((this.#world.now - this.#since) / 1_000);
    if (passed <= 0) return;
    this.#since += passed * 1_000;
    const low = registers[VL_SECONDS]! & VOLTAGE_LOW;
    const value = (register: number, mask: number) => {
      const byte = registers[register]! & mask;
      return (byte >> 4) * 10 + (byte & 0x0f);
    };
    // 2000 stands for any year of a century that divides by four, as the chip takes all.
    const date = new Date(0);
    date.setUTCFullYear(2000 + value(YEARS, 0xff), value(0x07, 0x1f) - 1, value(0x05, 0x3f));
    date.setUTCHours(value(0x04, 0x3f), value(0x03, 0x7f), value(VL_SECONDS, 0x7f) + passed);
    const years = date.getUTCFullYear() - 2000;
    const century = (registers[0x07]! & CENTURY) ^ (years > 99 ? CENTURY : 0);
    const bcd = (number: number) => Math.floor(number / 10) * 16 + (number % 10);
    registers.set(
      [
        low | bcd(date.getUTCSeconds()),
        bcd(date.getUTCMinutes()),
        bcd(date.getUTCHours()),
        bcd(date.getUTCDate()),
        date.getUTCDay(),
        century | bcd(date.getUTCMonth() + 1),
        bcd(years % 100),
      ],
      VL_SECONDS,
    );
  }
}
