import type { PwmOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board } from "./board.ts";

const RESOLUTION = 10;

/** ECMA-419 PWM on a virtual pin. */
export class SimulatedPwm extends SimulatedIo {
  readonly resolution = RESOLUTION;
  readonly #options: PwmOptions;

  constructor(board: Board, options: PwmOptions) {
    if (!Number.isInteger(options.pin)) throw new RangeError("pin");
    if (!(options.hz >= 1 && options.hz <= 1_000_000)) throw new RangeError("hz");
    super(board, options);
    this.#options = options;
  }

  write(duty: number): void {
    this.check();
    const most = 2 ** RESOLUTION - 1;
    if (!(duty >= 0 && duty <= most)) throw new RangeError("duty");
    const { pin, hz } = this.#options;
    this.board.waves.get(pin)?.({ hz, duty: duty / most });
  }

  protected release(): void {
    this.board.waves.get(this.#options?.pin)?.(undefined);
  }
}
