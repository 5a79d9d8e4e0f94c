import type { CardCompletion, Chip } from "../../../hal/chip.ts";
import type { Contactless } from "../../../hal/contactless.ts";
import { CardError } from "../../emv/errors.ts";
import type { CardChannel } from "../../emv/exchange.ts";
import { inTurnOfItsOwn } from "../../turn.ts";

/** A reader with a card in it. Every call rejects with `CardError` when the card or the reader fails. */
export interface CardSlot extends CardChannel {
  /** Powers the card; gives its answer to reset (empty for a contactless card, which is active already). */
  activate(): Promise<Uint8Array>;
  /** True when the card has answered a command since it was activated. */
  readonly answered: boolean;
  /** Lets go of the card; may be called at any time. */
  deactivate(): void;
}

/**
 * A driver's completion as a promise. The driver is called from a turn of its own: the device's small stack does not hold
 * the kernel's steps and a driver at once.
 */
function completed(step: string, start: (done: CardCompletion) => void): Promise<Uint8Array> {
  return inTurnOfItsOwn(
    () =>
      new Promise((resolve, reject) => {
        start((error, bytes) => {
          if (error !== undefined) {
            reject(new CardError(error, step));
          } else {
            resolve(bytes ?? new Uint8Array(0));
          }
        });
      }),
  );
}

/** Commands of one session, ten times what a sale needs: a card that has more to be asked keeps the terminal from its shop. */
const mostCommands = 400;

/** The chip reader. */
export class ChipSlot implements CardSlot {
  readonly #chip: Chip;
  /** Commands that the card has answered since it was activated. */
  #answers = 0;

  constructor(chip: Chip) {
    this.#chip = chip;
  }

  get answered(): boolean {
    return this.#answers > 0;
  }

  activate(): Promise<Uint8Array> {
    this.#answers = 0;
    if (!this.#chip.present) {
      return Promise.reject(new CardError("removed", "activate card"));
    }
    return completed("activate card", (done) => this.#chip.activate(done));
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (!this.#chip.present) {
      throw new CardError("removed", "transmit");
    }
    if (this.#answers >= mostCommands) {
      throw new CardError("protocol", "transmit");
    }
    const answer = await completed("transmit", (done) => this.#chip.transmit(command, done));
    this.#answers += 1;
    return answer;
  }

  deactivate(): void {
    this.#chip.deactivate();
  }
}

/** The card in the contactless field. */
export class ContactlessField implements CardSlot {
  /** A card in the field has answered, or it would not be there. */
  readonly answered = true;
  readonly #contactless: Contactless;

  constructor(contactless: Contactless) {
    this.#contactless = contactless;
  }

  activate(): Promise<Uint8Array> {
    return this.#contactless.state === "card"
      ? Promise.resolve(new Uint8Array(0))
      : Promise.reject(new CardError("removed", "activate card"));
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.#contactless.state !== "card") {
      return Promise.reject(new CardError("removed", "transmit"));
    }
    return completed("transmit", (done) => this.#contactless.transmit(command, done));
  }

  deactivate(): void {
    this.#contactless.release();
  }
}
