import type { ClockSource } from "../../hal/io.ts";
import { Timers } from "../../hal/timers.ts";
import { SimulatedIo } from "../../simulator/io/base.ts";
import { Board } from "../../simulator/io/board.ts";
import { ioClasses } from "../../simulator/io/classes.ts";
import { World } from "../../simulator/world/kernel.ts";

/** A board without firmware: its IO classes, a clock, and a pump that lets virtual time pass and delivers callbacks. */
export class Bench {
  readonly world = new World();
  readonly board = new Board(this.world, 1, Date.UTC(2026, 0, 1));
  readonly io = ioClasses(this.board);
  readonly #timers = new Timers();
  /** True while a callback runs. */
  delivering = false;

  readonly clock: ClockSource = {
    monotonic: () => this.world.now,
    wall: () => this.board.wall(),
    setTimer: (callback, milliseconds) => this.#timers.set(callback, milliseconds, this.world.now),
    clearTimer: (id) => this.#timers.clear(id),
  };

  /** Lets so much virtual time pass with the power on, as an idle firmware does: one callback at a time, microtasks drained after each. */
  async run(milliseconds: number): Promise<void> {
    const end = this.world.now + milliseconds;
    for (;;) {
      const deadline = this.#timers.nextDeadline() ?? end;
      const wake = this.world.next(Math.min(deadline, end));
      if (wake.kind === "powerless") throw new Error("the bench has no power");
      this.delivering = true;
      let fired = true;
      if (wake.kind === "signal") {
        if (wake.signal.io instanceof SimulatedIo) wake.signal.io.deliver(wake.signal.callback, wake.signal.args);
      } else {
        fired = this.#timers.fireNext(wake.now);
      }
      this.delivering = false;
      await new Promise((resolve) => setImmediate(resolve));
      if (!fired && wake.now >= end) return;
    }
  }

  /** Runs until `condition` holds; throws when it does not within so many milliseconds. */
  async until(condition: () => boolean, milliseconds = 60_000): Promise<void> {
    const end = this.world.now + milliseconds;
    while (!condition()) {
      if (this.world.now >= end) throw new Error("it did not happen in time");
      await this.run(1);
    }
  }
}
