import type { Board } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Lamps between pins and ground: each is lit while its pin is high and there is power. What was lit is kept with its time. */
export class LampsChip {
  readonly #board: Board;
  readonly #wires: readonly DigitalWire[];
  readonly #history: { readonly at: number; readonly lit: string }[] = [];

  constructor(board: Board, wires: { readonly pins: readonly number[] }) {
    this.#board = board;
    this.#wires = wires.pins.map((pin) => board.digitalWire(pin));
    for (const wire of this.#wires) {
      wire.drive(0);
      wire.watch(() => this.#note());
    }
    board.onPowerCut.push(() => {
      for (const wire of this.#wires) wire.drive(0);
    });
  }

  /** A character a lamp: `*` lit, `.` dark. */
  get lit(): string {
    return this.#wires.map((wire) => (wire.level === 1 ? "*" : ".")).join("");
  }

  /** What was seen, each with the time at which it began; of one moment only the last. */
  get history(): readonly { readonly at: number; readonly lit: string }[] {
    return this.#history;
  }

  #note(): void {
    const { now } = this.#board.world;
    if (this.#history.at(-1)?.at === now) this.#history.pop();
    if (this.#history.at(-1)?.lit !== this.lit) this.#history.push({ at: now, lit: this.lit });
  }
}
