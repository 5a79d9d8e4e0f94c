import type { ClockSource } from "../../io.ts";
import type { Sc16is752 } from "../serial/sc16is752.ts";
import { LightRow } from "./light-row.ts";

const FOUR = 0x0f;

export interface Sc16is752RowOptions {
  readonly chip: Sc16is752;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** Four lights on GPIO0 to GPIO3 of an SC16IS752, lit by a high level. A chip that stops answering shows nothing more. */
export class Sc16is752Row extends LightRow {
  readonly #chip: Sc16is752;

  /** Throws where the chip does not answer. */
  constructor({ chip, clock }: Sc16is752RowOptions) {
    super(clock);
    this.#chip = chip;
    chip.drive(FOUR, 0);
  }

  protected light(lit: number): void {
    try {
      this.#chip.drive(FOUR, (1 << lit) - 1);
    } catch {
      // a light is no reason to stop a payment
    }
  }

  protected free(): void {
    this.light(0);
    this.#chip.leave(FOUR);
  }
}
