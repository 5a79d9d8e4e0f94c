import type { Digital, DigitalConstructor, DigitalOptions, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import { checkBus, checkInteger } from "../options.ts";

/** Registers (X-Powers AXP2101 data sheet, 6.11): the switches of the linear regulators, and the first one's voltage. */
const Register = Object.freeze({ CHIP: 0x03, LDO_SWITCHES: 0x90, ALDO1_VOLTAGE: 0x92 });
const CHIP_MASK = 0xcf;
const chips: readonly number[] = Object.freeze([0x4a, 0x47, 0x4b]);
/** Volts: from 0.5 in steps of 0.1, all but CPUSLDO. */
const LEAST = 500;
const STEP = 100;

/** The linear regulators in the order of their switches' bits, with the most millivolts of each; CPUSLDO counts in finer steps and is not here. */
const most = Object.freeze({
  ALDO1: 3_500,
  ALDO2: 3_500,
  ALDO3: 3_500,
  ALDO4: 3_500,
  BLDO1: 3_500,
  BLDO2: 3_500,
  DLDO1: 3_400,
});
export type RailName = keyof typeof most;
/** The bit of LDO_SWITCHES, which is also the distance of the voltage's register from ALDO1's. */
export const railNumber: Readonly<Record<RailName, number>> = Object.freeze({
  ALDO1: 0,
  ALDO2: 1,
  ALDO3: 2,
  ALDO4: 3,
  BLDO1: 4,
  BLDO2: 5,
  DLDO1: 7,
});

export interface Axp2101RailsOptions {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** Millivolts of each regulator, 500 to 3,500 in steps of 100. One that is not named stays as it is. */
  readonly rails: Readonly<Partial<Record<RailName, number>>>;
  /** Those that are off at first; the others that are named are on. */
  readonly off?: readonly RailName[];
}

/**
 * Sets the linear regulators of an AXP2101: voltages first, then the switches, so that nothing is switched on at a voltage that was
 * another board's. Throws `RangeError` for a voltage that there is not, and where the chip does not answer or is another one.
 */
export function setRails({ bus: { io: Bus, ...wires }, rails, off = [] }: Axp2101RailsOptions): void {
  checkBus({ io: Bus, address: wires.address });
  const wanted = Object.entries(rails) as [RailName, number][];
  for (const [name, millivolts] of wanted) {
    checkInteger(name, millivolts, LEAST, most[name]);
    checkInteger(`steps of ${name}`, (millivolts - LEAST) / STEP, 0, 30);
  }
  const bus = new Bus(wires);
  try {
    if (!chips.includes(bus.readUint8(Register.CHIP) & CHIP_MASK)) throw new Error("not an AXP2101");
    let switches = bus.readUint8(Register.LDO_SWITCHES);
    for (const [name, millivolts] of wanted) {
      const number = railNumber[name];
      bus.writeUint8(Register.ALDO1_VOLTAGE + number, (millivolts - LEAST) / STEP);
      switches = off.includes(name) ? switches & ~(1 << number) : switches | (1 << number);
    }
    bus.writeUint8(Register.LDO_SWITCHES, switches);
  } finally {
    bus.close();
  }
}

/** The switches of the regulators as ECMA-419 Digital outputs; `pin` is the rail's number (`railNumber`). */
export function railSwitches(options: Axp2101RailsOptions["bus"]): DigitalConstructor {
  return class extends RailSwitch {
    constructor(pin: DigitalOptions) {
      super(options, pin);
    }
  };
}

class RailSwitch implements Digital {
  readonly #bit: number;
  #bus: SmBus | undefined;

  constructor({ io: Bus, ...wires }: Axp2101RailsOptions["bus"], { pin, mode }: DigitalOptions) {
    if (mode !== "output") throw new RangeError("a regulator's switch is an output");
    if (!Object.values(railNumber).includes(pin)) throw new RangeError(`there is no rail ${pin}`);
    this.#bit = 1 << pin;
    this.#bus = new Bus(wires);
  }

  read(): 0 | 1 {
    return (this.#open().readUint8(Register.LDO_SWITCHES) & this.#bit) === 0 ? 0 : 1;
  }

  write(level: 0 | 1): void {
    const bus = this.#open();
    const switches = bus.readUint8(Register.LDO_SWITCHES);
    bus.writeUint8(Register.LDO_SWITCHES, level === 0 ? switches & ~this.#bit : switches | this.#bit);
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
