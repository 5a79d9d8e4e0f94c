import type { Pace } from "../world/kernel.ts";
import type { Speed } from "./protocol.ts";

/** Of `advance`: how far it goes when nothing is to be seen, in virtual milliseconds. */
const LONGEST_ADVANCE = 60_000;

export interface PacerOptions {
  /** Real milliseconds, of any beginning. */
  readonly clock: () => number;
  /** Whether the terminal works by itself, so that `fast` may leap. */
  readonly isBusy: () => boolean;
  /** Tells the world to look again. */
  readonly changed: () => void;
}

interface Leap {
  readonly to: number;
  readonly arrived: () => void;
  readonly isAdvance?: true;
}

/**
 * How the world's time follows real time: at a speed, not at all, or up to a moment as fast as it goes. While it leaps, the
 * world comes to whatever happens next without waiting.
 */
export class Pacer implements Pace {
  readonly #options: PacerOptions;
  #speed: Speed = 1;
  /** This virtual time was at that real time. */
  #virtual = 0;
  #real: number;
  /** Leaps up to here; then says so. */
  #leap: Leap | undefined;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#real = options.clock();
  }

  get speed(): Speed {
    return this.#speed;
  }

  set speed(speed: Speed) {
    this.#anchor(this.#here());
    this.#speed = speed;
    this.#options.changed();
  }

  /** What the time is by now. */
  get now(): number {
    return this.#here();
  }

  /** Goes on until `stopAdvancing`, at most a virtual minute. */
  advance(): void {
    this.#leap = { to: this.#here() + LONGEST_ADVANCE, arrived: () => {}, isAdvance: true };
    this.#options.changed();
  }

  /** Leaps to that moment: everything up to it has happened when the promise resolves. */
  leapTo(moment: number): Promise<void> {
    return new Promise((resolve) => {
      this.#leap = { to: moment, arrived: resolve };
      this.#options.changed();
    });
  }

  /** Ends an `advance` at that moment. */
  stopAdvancing(now: number): void {
    if (this.#leap?.isAdvance === true) this.#leap = { ...this.#leap, to: now };
  }

  get isLeaping(): boolean {
    return this.#leap !== undefined;
  }

  virtualNow(target: number): number {
    if (this.#leap !== undefined) {
      if (target <= this.#leap.to) return target;
      this.#arrive(this.#leap);
    }
    const isFast = this.#speed === "fast" && this.#options.isBusy() && Number.isFinite(target);
    if (isFast) this.#anchor(Math.max(this.#here(), target));
    return this.#here();
  }

  realDelay(virtual: number): number {
    if (this.#speed === "paused") return Number.POSITIVE_INFINITY;
    return Math.max(0, (virtual - this.#here()) / this.#rate);
  }

  #arrive({ to, arrived }: Leap): void {
    this.#leap = undefined;
    this.#anchor(to);
    arrived();
  }

  get #rate(): number {
    return this.#speed === 10 ? 10 : this.#speed === "paused" ? 0 : 1;
  }

  #here(): number {
    return this.#virtual + (this.#options.clock() - this.#real) * this.#rate;
  }

  #anchor(virtual: number): void {
    this.#virtual = virtual;
    this.#real = this.#options.clock();
  }
}
