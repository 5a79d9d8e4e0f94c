import { wipe } from "../codec/bytes.ts";
import type { PinAnswer } from "../emv/cardholder.ts";
import { summaryOf } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** ISO 9564-1, 8.1. UnionPay's PINs have six digits, but the host is to say so. */
const shortest = 4;
const longest = 12;

/** How long the next key may take, in milliseconds. */
const patience = 60_000;

const zero = 0x30;

/** One PIN for one transaction: asks for it and keeps nothing but its enciphered block. */
export class PinEntry {
  readonly #services: Services;
  readonly #card: PresentedCard;
  readonly #amount: number;
  #block: Uint8Array | undefined;

  constructor(services: Services, card: PresentedCard, amount: number) {
    this.#services = services;
    this.#card = card;
    this.#amount = amount;
  }

  /** ISO 9564-1 format 0 under the PIN key, 8 bytes; undefined while no PIN was entered. */
  get block(): Uint8Array | undefined {
    return this.#block;
  }

  /**
   * Asks the cardholder. ENTER without a digit means "none" where the parameters allow it. Throws `UserError` for CANCEL,
   * silence, or a card that is pulled out.
   */
  readonly ask = async (): Promise<PinAnswer> => {
    const digits = new Uint8Array(longest);
    try {
      const length = await this.#type(digits);
      if (length === 0) {
        return "bypassed";
      }
      this.#block = this.#services.vault.pinBlock(digits.slice(0, length), this.#card.identity.pan);
      return "entered";
    } finally {
      wipe(digits);
    }
  };

  /** Overwrites the block after the request is out. */
  wipe(): void {
    if (this.#block !== undefined) {
      wipe(this.#block);
    }
  }

  async #type(digits: Uint8Array): Promise<number> {
    const { screen, peripherals, parameters } = this.#services;
    let length = 0;
    for (;;) {
      await screen.show({
        id: "enter-pin",
        amount: money(this.#services, this.#amount),
        digits: length,
        card: summaryOf(this.#card.identity),
        bypass: parameters.pinBypass,
      });
      const happening = await peripherals.wait({
        keys: true,
        timeout: patience,
        ...(this.#card.staysIn ? { chip: "removed" } : {}),
      });
      if (happening.kind !== "key") {
        throw new UserError({ id: "cancelled", by: happening.kind === "chipRemoved" ? "card-removed" : "timeout" });
      }
      const { key } = happening;
      if (key === "CANCEL") {
        throw new UserError({ id: "cancelled", by: "customer" });
      }
      if (key === "ENTER" && (length >= shortest || (length === 0 && parameters.pinBypass))) {
        return length;
      }
      if (key === "CLEAR") {
        wipe(digits);
        length = 0;
      } else if (/^\d$/.test(key) && length < longest) {
        digits[length++] = zero + Number(key);
      }
    }
  }
}
