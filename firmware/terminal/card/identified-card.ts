import type { PinAnswer } from "../../emv/cardholder.ts";
import type { EntryMode } from "../../journal/types.ts";
import { ChiplessCard } from "./chipless-card.ts";
import type { CardIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";

/**
 * A card that is only to say which one it is: what is taken back, completed or refunded was decided about before, so that
 * its chip has no say in it and no cryptogram goes out.
 */
export class IdentifiedCard extends ChiplessCard implements PresentedCard {
  readonly entryMode: EntryMode;
  readonly identity: CardIdentity;
  readonly staysIn: boolean;
  readonly #card: PresentedCard;
  readonly #wantsPin: boolean;

  /** @param wantsPin whether the holder is asked for the PIN */
  constructor(card: PresentedCard, wantsPin: boolean) {
    super();
    this.#card = card;
    this.#wantsPin = wantsPin && card.entryMode !== "manual";
    this.entryMode = card.entryMode;
    this.identity = card.identity;
    this.staysIn = card.staysIn;
  }

  async verifyHolder(askPin: () => Promise<PinAnswer>): Promise<HolderVerification> {
    const pinEntered = this.#wantsPin && (await askPin()) === "entered";
    return { pinEntered, signature: !pinEntered };
  }

  close(): void {
    this.#card.close();
  }
}
