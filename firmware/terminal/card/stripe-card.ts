import type { Swipe } from "../../../hal/magstripe.ts";
import type { PinAnswer } from "../../emv/cardholder.ts";
import type { EntryMode } from "../../journal/types.ts";
import { wipeSwipe } from "../peripherals/swipe.ts";
import { ChiplessCard } from "./chipless-card.ts";
import { type CardIdentity, wipeIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";

/** A card by its stripe: always a PIN for the host to check, or a signature where the holder has none. */
export class StripeCard extends ChiplessCard implements PresentedCard {
  readonly entryMode: EntryMode;
  readonly identity: CardIdentity;
  readonly staysIn = false;
  readonly #swipe: Swipe;

  constructor(entryMode: "magstripe" | "fallback", swipe: Swipe, identity: CardIdentity) {
    super();
    this.entryMode = entryMode;
    this.identity = identity;
    this.#swipe = swipe;
  }

  async verifyHolder(askPin: () => Promise<PinAnswer>): Promise<HolderVerification> {
    const pinEntered = (await askPin()) === "entered";
    return { pinEntered, signature: !pinEntered };
  }

  close(): void {
    wipeSwipe(this.#swipe);
    wipeIdentity(this.identity);
  }
}
