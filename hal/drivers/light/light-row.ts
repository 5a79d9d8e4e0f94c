import type { ClockSource } from "../../io.ts";
import type { ContactlessLights, LightSign } from "../../light.ts";
import { checkClock } from "../options.ts";

/** How many lights are lit, and for how many milliseconds; the last step stays where it has no end. */
type Step = readonly [lit: number, milliseconds: number];

interface Show {
  readonly steps: readonly Step[];
  /** So many times; once where it is absent. */
  readonly times?: number;
}

/** EMV Contactless Book A, user interface: a flash of 200 ms every 5 s, one light, four lights one after the other. */
const shows: Readonly<Record<LightSign, Show>> = Object.freeze({
  off: Object.freeze({ steps: Object.freeze([Object.freeze([0, 0] as const)]) }),
  alert: Object.freeze({ steps: Object.freeze([Object.freeze([0, 0] as const)]) }),
  idle: Object.freeze({
    steps: Object.freeze([Object.freeze([1, 200] as const), Object.freeze([0, 4_800] as const)]),
    times: 120,
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

/** The signs of four lights, wherever they are. */
export abstract class LightRow implements ContactlessLights {
  readonly #clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  #timer: number | undefined;
  #isClosed = false;

  constructor(clock: Pick<ClockSource, "setTimer" | "clearTimer">) {
    checkClock(clock);
    this.#clock = clock;
  }

  show(sign: LightSign): void {
    if (this.#isClosed) throw new Error("closed");
    this.#cancel();
    this.#step(shows[sign], 0);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel();
    this.free();
  }

  /** Lights so many, the first ones first. */
  protected abstract light(lit: number): void;

  /** Leaves the row dark and gives back what it is on. */
  protected abstract free(): void;

  /** @param count steps that are over */
  #step(show: Show, count: number): void {
    this.#timer = undefined;
    const { steps, times = 1 } = show;
    const step = count < times * steps.length ? steps[count % steps.length] : undefined;
    if (step === undefined) return;
    const [lit, milliseconds] = step;
    this.light(lit);
    if (milliseconds > 0) this.#timer = this.#clock.setTimer(() => this.#step(show, count + 1), milliseconds);
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
