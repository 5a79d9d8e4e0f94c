import type { ClockSource } from "../io.ts";

/** The timers of one driver: they end with it. */
export class Timeouts {
  readonly #clock: ClockSource;
  readonly #running = new Set<number>();

  constructor(clock: ClockSource) {
    this.#clock = clock;
  }

  /** Calls `action` once after so many milliseconds; gives an id for `cancel`. */
  after(milliseconds: number, action: () => void): number {
    const id = this.#clock.setTimer(() => {
      if (this.#running.delete(id)) action();
    }, milliseconds);
    this.#running.add(id);
    return id;
  }

  /** Forgets a timer; nothing happens when it has passed or never was. */
  cancel(id: number | undefined): void {
    if (id !== undefined && this.#running.delete(id)) this.#clock.clearTimer(id);
  }

  /** Forgets all timers. */
  cancelAll(): void {
    for (const id of this.#running) this.#clock.clearTimer(id);
    this.#running.clear();
  }
}
