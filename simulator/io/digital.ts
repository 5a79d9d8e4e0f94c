import type { DigitalOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board } from "./board.ts";
import type { DigitalWire } from "./digital-wire.ts";

/** ECMA-419 Digital on a virtual wire. */
export class SimulatedDigital extends SimulatedIo {
  readonly #wire: DigitalWire;
  readonly #output: boolean;
  #unwatch: (() => void) | undefined;
  #announced = false;

  constructor(board: Board, options: DigitalOptions) {
    if (!Number.isInteger(options.pin)) throw new RangeError("pin");
    super(board, options);
    this.#wire = board.digitalWire(options.pin);
    this.#output = options.mode === "output";
    const edge = options.edge;
    if (!this.#output && edge !== undefined) {
      this.#unwatch = this.#wire.watch((level) => {
        if (this.#announced || (edge === "rising" && level === 0) || (edge === "falling" && level === 1)) return;
        this.#announced = true;
        this.signal("onReadable");
      });
    }
  }

  override deliver(callback: string, args: readonly unknown[]): void {
    this.delivered();
    super.deliver(callback, args);
  }

  /** The edge has reached the firmware: the next one is announced again. */
  delivered(): void {
    this.#announced = false;
  }

  read(): 0 | 1 {
    this.check();
    return this.#wire.level;
  }

  write(level: 0 | 1): void {
    this.check();
    if (!this.#output) throw new Error("not an output");
    this.#wire.drive(level === 0 ? 0 : 1);
  }

  protected release(): void {
    this.#unwatch?.();
  }
}
