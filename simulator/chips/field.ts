import type { CardPort } from "./card-port.ts";

/** The air over the antenna: which cards are held there. */
export class Field {
  #cards: readonly CardPort[] = [];
  readonly #listeners: (() => void)[] = [];

  get cards(): readonly CardPort[] {
    return this.#cards;
  }

  /** Holds these cards over the antenna, all at once, in place of what was there. */
  present(cards: readonly CardPort[]): void {
    this.#cards = [...cards];
    this.#tell();
  }

  /** Takes away what is there; false when nothing was. */
  remove(): boolean {
    if (this.#cards.length === 0) return false;
    this.#cards = [];
    this.#tell();
    return true;
  }

  /** Calls `listener` after every change. */
  watch(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
