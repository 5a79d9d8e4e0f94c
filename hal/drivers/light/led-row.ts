import type { ClockSource, Digital, DigitalConstructor } from "../../io.ts";
import type { ContactlessLights, LightSign } from "../../light.ts";
import { checkClock, checkInteger, checkIo } from "../options.ts";

const LIGHTS = 4;

/** How many lights are lit, and for how many milliseconds; the last step stays where it has no end. */
type Step = readonly [lit: number, milliseconds: number];

interface Show {
  readonly steps: readonly Step[];
  /** The steps begin again after the last one. */
  readonly over?: true;
}

/** EMV Contactless Book A, user interface: a flash of 200 ms every 5 s, one light, four lights one after the other. */
const shows: Readonly<Record<LightSign, Show>> = Object.freeze({
  off: Object.freeze({ steps: Object.freeze([Object.freeze([0, 0] as const)]) }),
  alert: Object.freeze({ steps: Object.freeze([Object.freeze([0, 0] as const)]) }),
  idle: Object.freeze({
    steps: Object.freeze([Object.freeze([1, 200] as const), Object.freeze([0, 4_800] as const)]),
    over: true,
  }),
  ready: Object.freeze({ steps: Object.freeze([Object.freeze([1, 0] as const)]) }),
  read: Object.freeze({
    steps: Object.freeze([
      Object.freeze([1, 125] as const),
      Object.freeze([2, 125] as const),
      Object.freeze([3, 125] as const),
      Object.freeze([4, 750] as const),
      Object.freeze([0, 0] as const),
    ]),
  }),
} as const);

export interface LedRowOptions {
  readonly io: DigitalConstructor;
  /** Four pins, the first light first. */
  readonly pins: readonly number[];
  /** Level of a pin whose light is lit; high where it is absent. */
  readonly active?: 0 | 1;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** Four lights on pins. */
export class LedRow implements ContactlessLights {
  readonly #active: 0 | 1;
  readonly #clock: LedRowOptions["clock"];
  #pins: Digital[] = [];
  #timer: number | undefined;

  constructor(options: LedRowOptions) {
    const { io: Pin, pins, active, clock } = options;
    checkIo("io", Pin);
    checkInteger("number of pins", pins.length, LIGHTS, LIGHTS);
    for (const pin of pins) checkInteger("pin", pin, 0, 255);
    checkInteger("different pins", new Set(pins).size, LIGHTS, LIGHTS);
    checkClock(clock);
    this.#active = active ?? 1;
    this.#clock = clock;
    try {
      for (const pin of pins) this.#pins.push(new Pin({ pin, mode: "output" }));
      this.#light(0);
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  show(sign: LightSign): void {
    if (this.#pins.length === 0) throw new Error("closed");
    this.#cancel();
    this.#step(shows[sign], 0);
  }

  close(): void {
    this.#cancel();
    this.#light(0);
    this.#free();
  }

  #step(show: Show, index: number): void {
    this.#timer = undefined;
    const step = show.steps[index];
    if (step === undefined) return;
    const [lit, milliseconds] = step;
    this.#light(lit);
    if (milliseconds === 0) return;
    const next = show.over === true && index + 1 === show.steps.length ? 0 : index + 1;
    this.#timer = this.#clock.setTimer(() => this.#step(show, next), milliseconds);
  }

  #light(lit: number): void {
    this.#pins.forEach((pin, index) => {
      pin.write(index < lit ? this.#active : this.#active === 1 ? 0 : 1);
    });
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #free(): void {
    for (const pin of this.#pins) pin.close();
    this.#pins = [];
  }
}
