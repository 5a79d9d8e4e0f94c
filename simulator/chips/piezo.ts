import type { Board } from "../io/board.ts";

/** A tone that was heard, in milliseconds of the world; it still sounds where it has no end. */
export interface HeardTone {
  readonly hertz: number;
  readonly from: number;
  readonly until: number | undefined;
}

/** A piezo element on a pin: it sounds while a square wave is on it, and hears nothing of waves that never change. */
export class PiezoChip {
  readonly #board: Board;
  readonly #tones: HeardTone[] = [];
  readonly #listeners: ((hertz: number) => void)[] = [];

  constructor(board: Board, wires: { readonly pin: number }) {
    this.#board = board;
    board.waves.set(wires.pin, (wave) =>
      this.#change(wave !== undefined && wave.duty > 0 && wave.duty < 1 ? wave.hz : 0),
    );
    board.onPowerCut.push(() => this.#change(0));
  }

  /** All that was heard so far, oldest first. */
  get tones(): readonly HeardTone[] {
    return this.#tones;
  }

  /** What sounds now, in hertz; 0: nothing. */
  get hertz(): number {
    const last = this.#tones.at(-1);
    return last === undefined || last.until !== undefined ? 0 : last.hertz;
  }

  /** Calls the listener with every tone as it begins. */
  onTone(listener: (hertz: number) => void): void {
    this.#listeners.push(listener);
  }

  #change(hertz: number): void {
    const { now } = this.#board.world;
    const last = this.#tones.at(-1);
    if (last !== undefined && last.until === undefined) this.#tones[this.#tones.length - 1] = { ...last, until: now };
    if (hertz <= 0) return;
    this.#tones.push({ hertz, from: now, until: undefined });
    for (const listener of this.#listeners) listener(hertz);
  }
}
