/** A reader with a card in it that gives recorded answers, whatever it is asked. */
import { CardError } from "../../../firmware/emv/errors.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";

export class RecordedSlot implements CardSlot {
  readonly #answers: readonly Uint8Array[];
  #next = 0;

  /** @param answers with status words, one a command; the card is mute after the last */
  constructor(answers: readonly Uint8Array[]) {
    this.#answers = answers;
  }

  get answered(): boolean {
    return this.#next > 0;
  }

  /** How many answers were heard. */
  get heard(): number {
    return this.#next;
  }

  activate(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(0));
  }

  transmit(): Promise<Uint8Array> {
    const answer = this.#answers[this.#next];
    if (answer === undefined) {
      return Promise.reject(new CardError("mute", "transmit"));
    }
    this.#next += 1;
    return Promise.resolve(answer.slice());
  }

  deactivate(): void {}
}
