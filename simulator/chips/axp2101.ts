import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Registers (AXP2101 data sheet, 6.11). */
const STATUS_1 = 0x00;
const STATUS_2 = 0x01;
const CHIP = 0x03;
const COMMON_CONFIGURATION = 0x10;
const CHARGER_GAUGE = 0x18;
const IRQ_ENABLE = 0x40;
const IRQ_STATUS = 0x48;
const CHARGE_CURRENT = 0x62;
const CHARGE_VOLTAGE = 0x64;
const PERCENT = 0xa4;
const LDO_SWITCHES = 0x90;
const LDO_VOLTAGE = 0x92;
/** Voltages that an LDO has: 0.5 to 3.5 V, DLDO1 to 3.4 V. */
const HIGHEST_VOLTAGE = 30;

/** Interrupts, as byte * 8 + bit. */
const interrupt = {
  newCharge: 4,
  workHot: 1,
  workCold: 0,
  cableIn: 15,
  cableOut: 14,
  batteryIn: 13,
  batteryOut: 12,
  chargeDone: 20,
  chargeStart: 19,
  chargerHot: 18,
} as const;

const CONSTANT_CURRENT = 2;
const DONE = 4;
const NOT_CHARGING = 5;
/** From the command to the end of power, in milliseconds. */
const FALL_TIME = 1;

/** Power management chip AXP2101 with a battery and a socket for a cable. */
export class Axp2101Chip implements I2cPeer {
  readonly #board: Board;
  readonly #wire: DigitalWire;
  readonly #rails: readonly (readonly [number, DigitalWire])[];
  #registers = new Uint8Array(256);
  #pointer = 0;
  #cable = false;
  #battery: number | undefined;
  /** What is wrong as long as it lasts: its interrupt comes again when it was cleared. */
  #lasting: number | undefined;
  /** Values that the data sheet does not have. */
  protocolErrors = 0;

  /** `battery`: percent; none without one. */
  constructor(
    board: Board,
    wires: {
      readonly bus: number;
      readonly address: number;
      readonly interrupt: number;
      /** Pins that a regulator powers, by the number of its switch. */
      readonly rails?: Readonly<Record<number, number>>;
    },
    battery?: number,
  ) {
    this.#board = board;
    this.#wire = board.digitalWire(wires.interrupt);
    this.#rails = Object.entries(wires.rails ?? {}).map(([rail, pin]) => [Number(rail), board.digitalWire(pin)]);
    this.#battery = battery;
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset());
    this.#reset();
  }

  // --- the world's side

  get hasCable(): boolean {
    return this.#cable;
  }

  /** Percent; undefined without a battery. */
  get charge(): number | undefined {
    return this.#battery;
  }

  plug(): void {
    this.#cable = true;
    this.#settle(interrupt.cableIn, ...(this.#charging ? [interrupt.chargeStart] : []));
  }

  unplug(): void {
    this.#cable = false;
    this.#settle(interrupt.cableOut);
  }

  /** Puts a battery in, or changes what is in it. */
  setBattery(percent: number): void {
    const before = this.#battery;
    this.#battery = percent;
    const full = percent === 100 && this.#cable ? [interrupt.chargeDone] : [];
    this.#settle(before === undefined ? interrupt.batteryIn : interrupt.newCharge, ...full);
  }

  removeBattery(): void {
    this.#battery = undefined;
    this.#settle(interrupt.batteryOut);
  }

  /** Makes the battery too hot or too cold, or the charger too hot; or ends that. */
  trouble(what: "workHot" | "workCold" | "chargerHot" | undefined): void {
    this.#lasting = what === undefined ? undefined : interrupt[what];
    this.#settle(...(this.#lasting === undefined ? [interrupt.newCharge] : [this.#lasting]));
  }

  /** What the charger was set to: milliamperes and millivolts. */
  get charger(): { readonly milliamperes: number; readonly millivolts: number } {
    const current = this.#registers[CHARGE_CURRENT]! & 0x1f;
    const voltage = this.#registers[CHARGE_VOLTAGE]! & 0x07;
    return {
      milliamperes: current <= 8 ? current * 25 : 200 + (current - 8) * 100,
      millivolts: [0, 4_000, 4_100, 4_200, 4_350, 4_400][voltage] ?? 0,
    };
  }

  /** A regulator's millivolts, by the number of its switch; 0 where it is off. */
  rail(number: number): number {
    const on = (this.#registers[LDO_SWITCHES]! & (1 << number)) !== 0;
    return on ? 500 + 100 * this.#registers[LDO_VOLTAGE + number]! : 0;
  }

  get #charging(): boolean {
    const on = (this.#registers[CHARGER_GAUGE]! & 2) !== 0;
    return on && this.#cable && this.#battery !== undefined && this.#battery < 100;
  }

  // --- the bus

  write(bytes: Uint8Array): void {
    const [register = 0, ...values] = bytes;
    this.#pointer = register;
    for (const value of values) this.#store(this.#pointer++ & 0xff, value);
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => this.#registers[this.#pointer++ & 0xff]!);
  }

  #store(register: number, value: number): void {
    const status = register - IRQ_STATUS;
    if (status >= 0 && status < 3) {
      this.#registers[register]! &= ~value;
      this.#settle(...(this.#lasting === undefined ? [] : [this.#lasting]));
      return;
    }
    if (register <= CHIP || register === PERCENT) this.protocolErrors++;
    else this.#registers[register] = value;
    const rail = register - LDO_VOLTAGE;
    if (rail >= 0 && rail < 8 && value > HIGHEST_VOLTAGE - (rail === 7 ? 1 : 0)) this.protocolErrors++;
    if (register === CHARGE_CURRENT && ((value & 0x1f) > 16 || value === 0)) this.protocolErrors++;
    if (register === CHARGE_VOLTAGE && (value < 1 || value > 5)) this.protocolErrors++;
    if (register === COMMON_CONFIGURATION && (value & 1) === 1)
      this.#board.world.after(FALL_TIME, () => this.#board.cutPower());
    this.#settle();
  }

  /** Brings the status up to date and notes what happened. */
  #settle(...happened: readonly number[]): void {
    const registers = this.#registers;
    const battery = this.#battery;
    registers[STATUS_1] = (this.#cable ? 0x20 : 0) | (battery === undefined ? 0 : 0x18);
    const full = this.#cable && battery === 100;
    const direction = this.#charging ? 0x20 : this.#cable ? 0 : 0x40;
    registers[STATUS_2] = direction | (this.#charging ? CONSTANT_CURRENT : full ? DONE : NOT_CHARGING);
    registers[PERCENT] = (registers[CHARGER_GAUGE]! & 8) === 0 ? 0 : (battery ?? 0);
    for (const number of happened) registers[IRQ_STATUS + (number >> 3)]! |= 1 << (number & 7);
    const standing = [0, 1, 2].some((index) => (registers[IRQ_STATUS + index]! & registers[IRQ_ENABLE + index]!) !== 0);
    this.#wire.drive(standing ? 0 : 1);
    for (const [rail, wire] of this.#rails) wire.drive(this.rail(rail) > 0 ? 1 : 0);
  }

  #reset(): void {
    this.#registers = new Uint8Array(256);
    this.#registers[CHIP] = 0x4a;
    this.#registers[CHARGER_GAUGE] = 0x06;
    this.#registers[CHARGE_CURRENT] = 0x08;
    this.#registers[CHARGE_VOLTAGE] = 0x03;
    this.#pointer = 0;
    this.#settle();
  }
}
