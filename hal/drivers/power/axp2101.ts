import type { ClockSource, Digital, DigitalConstructor, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import type { Power, PowerState } from "../../power.ts";
import { checkBus, checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Registers (X-Powers AXP2101 data sheet, 6.11 register list). */
const Register = Object.freeze({
  STATUS_1: 0x00,
  CHIP: 0x03,
  COMMON_CONFIGURATION: 0x10,
  CHARGER_GAUGE: 0x18,
  IRQ_ENABLE: 0x40,
  IRQ_STATUS: 0x48,
  CHARGE_CURRENT: 0x62,
  CHARGE_VOLTAGE: 0x64,
  BATTERY_PERCENT: 0xa4,
});
/** CHIP: its bits without the version, and what an AXP2101 shows there. */
const CHIP_MASK = 0xcf;
const chips: readonly number[] = Object.freeze([0x4a, 0x47, 0x4b]);
/** STATUS_1: power at VBUS is good; a battery is there. STATUS_2: what the charger does, from trickle (0) to done and off. */
const VBUS_GOOD = 0x20;
const BATTERY_PRESENT = 0x08;
const CHARGER = 0x07;
const CHARGER_DONE = 4;
const CHARGER_OFF = 5;
/** COMMON_CONFIGURATION: switches off. CHARGER_GAUGE: fuel gauge and main charger on. */
const SOFT_OFF = 0x01;
const GAUGE_ON = 0x08;
const CHARGER_ON = 0x02;
/** Interrupts that mean another state, three bytes: the battery's charge and heat; cable, battery; charger, its heat and timer. */
const interrupts: readonly number[] = Object.freeze([0xdf, 0xf0, 0x1f]);
/** IRQ 1 and 3: the battery is too cold or too hot to charge or to work; the charger is too hot, or ran out of time, or over. */
const HOT = 0x0a;
const COLD = 0x05;
const CHARGER_FAULT = 0x07;
/** Charging: 25 mA a step up to 200, 100 mA a step from 300 to 1,000; end voltages by their number from 1, in millivolts. */
const FINE_STEP = 25;
const FINE_MOST = 200;
const COARSE_STEP = 100;
const MOST_CURRENT = 1_000;
const voltages: readonly number[] = Object.freeze([4_000, 4_100, 4_200, 4_350, 4_400]);

/** Milliseconds: the gauge is looked at so often, whatever the interrupt says; a failed transfer is tried again. */
const PERIOD = 30_000;
const PERIOD_ALONE = 2_000;
const RETRY = 50;
const FAILURE_LIMIT = 3;

export interface Axp2101Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** Absent where the board has not wired it: the chip is then asked more often. */
  readonly interrupt?: { readonly io: DigitalConstructor; readonly pin: number };
  /** What the battery may be charged with: milliamperes, a multiple of 25 up to 200 or of 100 from 300 to 1,000. */
  readonly chargeCurrent: number;
  /** Millivolts of a full battery: 4,000, 4,100, 4,200, 4,350 or 4,400. */
  readonly chargeVoltage: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onStateChange?: () => void;
  /** The chip does not answer any more; only `close` may follow. */
  readonly onError?: () => void;
}

/** Power management chip AXP2101 on SMBus, its interrupt active low. Which rails are on is the chip's own memory. */
export class Axp2101 implements Power {
  readonly #options: Axp2101Options;
  #bus: SmBus | undefined;
  #interrupt: Digital | undefined;
  #timer: number | undefined;
  #failures = 0;
  #state: PowerState;

  /** Throws where the chip does not answer or is another one. */
  constructor(options: Axp2101Options) {
    const { bus, interrupt, chargeCurrent, chargeVoltage, clock, onStateChange, onError } = options;
    checkBus(bus);
    if (interrupt !== undefined) {
      checkIo("interrupt.io", interrupt.io);
      checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    }
    const current = currentCode(chargeCurrent);
    const voltage = voltages.indexOf(chargeVoltage) + 1;
    checkInteger("number of the charge voltage", voltage, 1, voltages.length);
    checkClock(clock);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    this.#options = options;
    try {
      const { io: Bus, ...wires } = bus;
      this.#bus = new Bus(wires);
      if (!chips.includes(this.#bus.readUint8(Register.CHIP) & CHIP_MASK)) throw new Error("not an AXP2101");
      this.#configure(this.#bus, current, voltage);
      if (interrupt !== undefined) {
        const { io: Pin, pin } = interrupt;
        this.#interrupt = new Pin({ pin, mode: "inputPullUp", edge: "falling", onReadable: () => this.#look() });
      }
      this.#state = this.#read(this.#bus);
      this.#again(this.#interrupt === undefined ? PERIOD_ALONE : PERIOD);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get state(): PowerState {
    this.#open();
    return this.#state;
  }

  switchOff(): void {
    const bus = this.#open();
    const configuration = bus.readUint8(Register.COMMON_CONFIGURATION);
    bus.writeUint8(Register.COMMON_CONFIGURATION, configuration | SOFT_OFF);
  }

  close(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#interrupt?.close();
    this.#bus?.close();
    this.#interrupt = undefined;
    this.#bus = undefined;
  }

  #open(): SmBus {
    if (this.#bus === undefined) throw new Error("closed");
    return this.#bus;
  }

  #configure(bus: SmBus, current: number, voltage: number): void {
    bus.writeUint8(Register.CHARGE_CURRENT, current);
    bus.writeUint8(Register.CHARGE_VOLTAGE, voltage);
    const gauge = bus.readUint8(Register.CHARGER_GAUGE);
    bus.writeUint8(Register.CHARGER_GAUGE, gauge | GAUGE_ON | CHARGER_ON);
    interrupts.forEach((bits, index) => {
      bus.writeUint8(Register.IRQ_ENABLE + index, bits);
    });
  }

  #again(milliseconds: number): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      this.#look();
    }, milliseconds);
  }

  #look(): void {
    const bus = this.#bus;
    if (bus === undefined) return;
    let state: PowerState;
    try {
      state = this.#read(bus);
    } catch {
      this.#failures++;
      if (this.#failures < FAILURE_LIMIT) this.#again(RETRY);
      else {
        this.close();
        this.#options.onError?.call(this);
      }
      return;
    }
    this.#failures = 0;
    this.#again(this.#interrupt === undefined ? PERIOD_ALONE : PERIOD);
    const before = this.#state;
    this.#state = state;
    if (Object.keys(state).some((key) => state[key as keyof PowerState] !== before[key as keyof PowerState]))
      this.#options.onStateChange?.call(this);
  }

  /** What interrupts told is cleared first: a change in between gives a new edge. */
  #read(bus: SmBus): PowerState {
    const told = bus.readBuffer(Register.IRQ_STATUS, interrupts.length);
    for (let index = 0; index < interrupts.length; index++)
      if (told[index] !== 0) bus.writeUint8(Register.IRQ_STATUS + index, told[index]!);
    const [first = 0, second = 0] = bus.readBuffer(Register.STATUS_1, 2);
    const present = (first & BATTERY_PRESENT) !== 0;
    const percent = present ? bus.readUint8(Register.BATTERY_PERCENT) : undefined;
    return {
      external: (first & VBUS_GOOD) !== 0,
      battery: present ? chargingOf(second & CHARGER) : "absent",
      charge: percent !== undefined && percent <= 100 ? percent : undefined,
      fault: present ? faultOf(told[0]!, told[2]!) : undefined,
    };
  }
}

function chargingOf(charger: number): PowerState["battery"] {
  if (charger === CHARGER_DONE) return "full";
  return charger >= CHARGER_OFF ? "discharging" : "charging";
}

/** A fault goes on as long as the chip tells of it again at every look. */
function faultOf(battery: number, charger: number): PowerState["fault"] {
  if ((battery & HOT) !== 0) return "hot";
  if ((battery & COLD) !== 0) return "cold";
  return (charger & CHARGER_FAULT) !== 0 ? "charger" : undefined;
}

function currentCode(milliamperes: number): number {
  const coarse = milliamperes > FINE_MOST;
  const steps = milliamperes / (coarse ? COARSE_STEP : FINE_STEP);
  checkInteger("charge current in steps", steps, 1, coarse ? MOST_CURRENT / COARSE_STEP : FINE_MOST / FINE_STEP);
  return coarse ? steps + FINE_MOST / FINE_STEP - FINE_MOST / COARSE_STEP : steps;
}
