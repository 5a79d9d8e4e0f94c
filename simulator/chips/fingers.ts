import type { World } from "../world/kernel.ts";

/** A finger on a touch glass, in the controller's own counts. */
export interface Finger {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** From one report to the next while a finger is on the glass, in milliseconds. */
const PERIOD = 10;

/** Fingers on a glass, and a controller's habit to report them over and over, and once more when the last has left. */
export class Fingers {
  readonly #world: World;
  readonly #most: number;
  readonly #report: (fingers: readonly Finger[]) => void;
  readonly #on = new Map<number, Finger>();
  #running = false;
  /** Fingers were there at the last report. */
  #reported = false;

  constructor(world: World, most: number, report: (fingers: readonly Finger[]) => void) {
    this.#world = world;
    this.#most = most;
    this.#report = report;
  }

  /** A finger lands, or moves where it is on the glass already. What the controller cannot count is not seen. */
  put(finger: Finger): void {
    if (this.#on.size === this.#most && !this.#on.has(finger.id)) return;
    this.#on.set(finger.id, finger);
    this.#start();
  }

  lift(id: number): void {
    this.#on.delete(id);
  }

  get all(): readonly Finger[] {
    return [...this.#on.values()];
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#tick();
  }

  /** Scans at once, so that a tap of no duration is seen, and then every period. */
  #tick(): void {
    const fingers = this.all;
    if (fingers.length === 0 && !this.#reported) {
      this.#running = false;
      return;
    }
    this.#reported = fingers.length > 0;
    this.#report(fingers);
    this.#world.after(PERIOD, () => this.#tick());
  }
}
