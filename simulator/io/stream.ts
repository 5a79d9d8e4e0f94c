import { SimulatedIo } from "./base.ts";

/** An IO instance that, while it is started, does something each so many milliseconds. */
export abstract class SimulatedStream extends SimulatedIo {
  /** Milliseconds. */
  protected abstract readonly period: number;
  #run = 0;
  #started = false;

  start(): void {
    this.check();
    if (this.#started) return;
    this.#started = true;
    this.#next(++this.#run);
  }

  stop(): void {
    this.check();
    this.#started = false;
    this.#run++;
  }

  #next(run: number): void {
    this.board.world.after(this.period, () => {
      if (run !== this.#run || this.closed) return;
      this.block();
      this.#next(run);
    });
  }

  protected abstract block(): void;

  protected release(): void {
    this.#run++;
  }
}
