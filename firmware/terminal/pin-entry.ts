import { wipe } from "../codec/bytes.ts";
import type { PinAnswer } from "../emv/cardholder.ts";
import type { OfflinePinAnswer, OfflinePinPrompt } from "../emv/offline-pin.ts";
import type { Money } from "../screen/money.ts";
import type { CardSummary, Operation, Screen } from "../screen/screens.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { summaryOf } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { typeSecret } from "./secret-entry.ts";
import type { Services } from "./services.ts";

/** ISO 9564-1, 8.1. UnionPay's PINs have six digits, but the host is to say so. */
const shortest = 4;
const longest = 12;

/** What the PIN is for: shown while it is typed. */
export interface PinPurpose {
  readonly operation: Operation;
  /** Absent where no money moves. */
  readonly amount?: Money;
}

/** One PIN for one transaction: asks for it and keeps nothing but its enciphered block, and nothing of a PIN for the card. */
export class PinEntry {
  readonly #services: Services;
  readonly #card: PresentedCard;
  readonly #purpose: PinPurpose;
  #block: Uint8Array | undefined;

  constructor(services: Services, card: PresentedCard, purpose: PinPurpose) {
    this.#services = services;
    this.#card = card;
    this.#purpose = purpose;
  }

  /** In the format of the parameters (ISO 9564-1), enciphered: 8 bytes, 16 in format 4; undefined while no PIN was entered. */
  get block(): Uint8Array | undefined {
    return this.#block;
  }

  /**
   * Asks the cardholder. ENTER without a digit means "none" where the parameters and the card allow it. Throws `UserError` for CANCEL,
   * silence, or a card that is pulled out.
   */
  readonly ask = async (): Promise<PinAnswer> => {
    const digits = new Uint8Array(longest);
    const card = summaryOf(this.#card.identity);
    try {
      const length = await this.#type(digits, (typed) => this.#screen(typed, card));
      if (length === 0) {
        return "bypassed";
      }
      const { pan } = this.#card.identity;
      this.#block = await inTurnOfItsOwn(() => this.#services.vault.pinBlock(digits.subarray(0, length), pan));
      return "entered";
    } finally {
      wipe(digits);
    }
  };

  /**
   * Asks for a PIN that the card checks; its digits are the caller's to wipe. Warns where the PIN before was wrong, and
   * of the last try (EMV 4.3 Book 4, 6.3.4.1 and 11.2). Throws as `ask` does.
   */
  readonly askForCard = async (prompt: OfflinePinPrompt): Promise<OfflinePinAnswer> => {
    const isWarning = prompt.isRetry || prompt.triesLeft === 1;
    const digits = new Uint8Array(longest);
    const card = summaryOf(this.#card.identity);
    try {
      const length = await this.#type(digits, (typed) =>
        isWarning ? this.#warning(typed, prompt) : this.#screen(typed, card),
      );
      return length === 0 ? "bypassed" : digits.slice(0, length);
    } finally {
      wipe(digits);
    }
  };

  get #mayBypass(): boolean {
    return this.#services.parameters.pinBypass && this.#card.pinPromised !== true;
  }

  /** Overwrites the block after the request is out. */
  wipe(): void {
    if (this.#block !== undefined) {
      wipe(this.#block);
    }
  }

  #screen(digits: number, card: CardSummary): Screen {
    return {
      id: "enter-pin",
      ...this.#purpose,
      digits,
      card,
      bypass: this.#mayBypass,
    };
  }

  #warning(digits: number, { triesLeft, isRetry }: OfflinePinPrompt): Screen {
    return {
      id: "pin-retry",
      ...this.#purpose,
      digits,
      untried: !isRetry,
      ...(triesLeft === undefined ? {} : { triesLeft }),
    };
  }

  /** In the cardholder's language where the card says it (Book 4, 11.1); the merchant's comes back afterwards. */
  async #type(digits: Uint8Array, screenFor: (typed: number) => Screen): Promise<number> {
    const { screen } = this.#services;
    const own = screen.language;
    const wanted = this.#card.language ?? own;
    if (wanted === own) {
      return this.#typeShown(digits, screenFor);
    }
    await screen.setLanguage(wanted);
    try {
      return await this.#typeShown(digits, screenFor);
    } finally {
      await screen.setLanguage(own);
    }
  }

  #typeShown(digits: Uint8Array, screenFor: (typed: number) => Screen): Promise<number> {
    return typeSecret(this.#services, digits, {
      screenFor,
      least: shortest,
      none: this.#mayBypass,
      chip: this.#card.staysIn,
      by: "customer",
    });
  }
}
