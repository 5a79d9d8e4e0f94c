import type { ClockSource, Digital, DigitalConstructor } from "../../io.ts";
import { checkInteger, checkIo } from "../options.ts";
import { LightRow } from "./light-row.ts";

const LIGHTS = 4;

export interface LedRowOptions {
  readonly io: DigitalConstructor;
  /** Four pins, the first light first. */
  readonly pins: readonly number[];
  /** Level of a pin whose light is lit; high where it is absent. */
  readonly active?: 0 | 1;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** Four lights on pins. */
export class LedRow extends LightRow {
  readonly #active: 0 | 1;
  #pins: Digital[] = [];

  constructor(options: LedRowOptions) {
    const { io: Pin, pins, active, clock } = options;
    checkIo("io", Pin);
    checkInteger("number of pins", pins.length, LIGHTS, LIGHTS);
    for (const pin of pins) checkInteger("pin", pin, 0, 255);
    checkInteger("different pins", new Set(pins).size, LIGHTS, LIGHTS);
    super(clock);
    this.#active = active ?? 1;
    try {
      for (const pin of pins) this.#pins.push(new Pin({ pin, mode: "output" }));
      this.light(0);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  protected light(lit: number): void {
    this.#pins.forEach((pin, index) => {
      pin.write(index < lit ? this.#active : this.#active === 1 ? 0 : 1);
    });
  }

  protected free(): void {
    this.light(0);
    this.#release();
  }

  #release(): void {
    for (const pin of this.#pins) pin.close();
    this.#pins = [];
  }
}
