import type { ClockSource, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import { checkBus } from "../options.ts";
import { LightRow } from "./light-row.ts";

/** Registers of the chip's own pins (NXP SC16IS752 data sheet, table 9), as the bus names them: direction and level, GPIO0 in the lowest bit. */
const IO_DIRECTION = 0x0a << 3;
const IO_STATE = 0x0b << 3;
const FOUR = 0x0f;

export interface Sc16is752RowOptions {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** Four lights on GPIO0 to GPIO3 of an SC16IS752, lit by a high level; the UARTs of the same chip are another driver's. A chip that stops answering shows nothing more. */
export class Sc16is752Row extends LightRow {
  #bus: SmBus | undefined;

  /** Throws where the chip does not answer. */
  constructor(options: Sc16is752RowOptions) {
    const { bus, clock } = options;
    checkBus(bus);
    super(clock);
    const { io: Bus, ...wires } = bus;
    this.#bus = new Bus(wires);
    try {
      this.#bus.writeUint8(IO_STATE, 0);
      this.#bus.writeUint8(IO_DIRECTION, FOUR);
    } catch (error) {
      this.#bus.close();
      throw error;
    }
  }

  protected light(lit: number): void {
    try {
      this.#bus?.writeUint8(IO_STATE, (1 << lit) - 1);
    } catch {
      // a light is no reason to stop a payment
    }
  }

  protected free(): void {
    this.light(0);
    this.#bus?.close();
    this.#bus = undefined;
  }
}
