import type { I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import type { RealTimeClock } from "../../rtc.ts";
import { checkBus } from "../options.ts";

/** Registers (NXP PCF8563 data sheet, 8.2): control, then the time in BCD. */
const Register = Object.freeze({ CONTROL_STATUS_1: 0x00, VL_SECONDS: 0x02 });
/** CONTROL_STATUS_1: the clock stands, its divider is cleared (8.3.1). */
const STOP = 0x20;
/** VL_SECONDS: the supply was too low, the time is not to be trusted (8.2.1 and 8.4.1). */
const VOLTAGE_LOW = 0x80;
/** CENTURY_MONTHS: the years have run over (8.4.6). */
const CENTURY = 0x80;
/** Bits of seconds, minutes, hours, days, weekdays, months, years that mean something. */
const masks: readonly number[] = Object.freeze([0x7f, 0x7f, 0x3f, 0x3f, 0x07, 0x1f, 0xff]);
const FIRST_YEAR = 2000;
const EARLIEST = Date.UTC(FIRST_YEAR, 0, 1);
const LATEST = Date.UTC(FIRST_YEAR + 100, 0, 1) - 1;

export interface Pcf8563Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
}

/**
 * Real-time clock PCF8563 on SMBus, kept in UTC from 2000 to 2099. It is read in one transfer, as its data sheet wants (8.5),
 * and set while it stands; from there its first second takes 508 ms (8.10), so that a time between two seconds is at
 * most half a second wrong.
 */
export class Pcf8563 implements RealTimeClock {
  #bus: SmBus | undefined;

  constructor(options: Pcf8563Options) {
    const { io: Bus, ...wires } = options.bus;
    checkBus({ io: Bus, address: wires.address });
    this.#bus = new Bus(wires);
  }

  read(): number | undefined {
    const bytes = this.#open().readBuffer(Register.VL_SECONDS, masks.length);
    if ((bytes[0]! & VOLTAGE_LOW) !== 0 || (bytes[5]! & CENTURY) !== 0) return undefined;
    const values = masks.map((mask, index) => fromBcd(bytes[index]! & mask));
    if (values.includes(undefined)) return undefined;
    const [second, minute, hour, day, , month, year] = values as number[];
    const time = Date.UTC(FIRST_YEAR + year!, month! - 1, day, hour, minute, second);
    // A month 13 or a 30th of February would be another date when it is written back.
    const shown = fieldsOf(time);
    return shown.every((value, index) => index === 4 || value === values[index]) ? time : undefined;
  }

  write(time: number): void {
    const bus = this.#open();
    if (!(time >= EARLIEST && time <= LATEST)) throw new RangeError("the clock shows 2000 to 2099 only");
    bus.writeUint8(Register.CONTROL_STATUS_1, STOP);
    bus.writeBuffer(Register.VL_SECONDS, Uint8Array.from(fieldsOf(time), toBcd));
    bus.writeUint8(Register.CONTROL_STATUS_1, 0);
  }

  close(): void {
    this.#bus?.close();
    this.#bus = undefined;
  }

  #open(): SmBus {
    if (this.#bus === undefined) throw new Error("closed");
    return this.#bus;
  }
}

/** Second, minute, hour, day, weekday from Sunday, month from 1, year of the century. */
function fieldsOf(time: number): number[] {
  const date = new Date(time);
  return [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCDay(),
    date.getUTCMonth() + 1,
    date.getUTCFullYear() - FIRST_YEAR,
  ];
}

function toBcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}

function fromBcd(byte: number): number | undefined {
  const [tens, ones] = [byte >> 4, byte & 0x0f];
  return tens > 9 || ones > 9 ? undefined : tens * 10 + ones;
}
