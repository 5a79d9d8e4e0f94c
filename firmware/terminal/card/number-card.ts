import type { Transaction } from "../../journal/types.ts";
import type { Vault } from "../../vault/types.ts";
import { ChiplessCard } from "./chipless-card.ts";
import { type CardIdentity, wipeIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";

/** A card that is not here: its number was typed, or is known of an earlier transaction. Its holder signs. */
export class NumberCard extends ChiplessCard implements PresentedCard {
  readonly entryMode = "manual";
  readonly identity: CardIdentity;
  readonly staysIn = false;

  constructor(identity: Pick<CardIdentity, "pan" | "expiry" | "panSequenceNumber">) {
    super();
    this.identity = { ...identity, track2: undefined, serviceCode: undefined, holder: undefined };
  }

  /** The card of an earlier transaction. Throws `FormatError` when the key of its number is gone. */
  static ofTransaction(
    vault: Pick<Vault, "revealPan">,
    { panToken = new Uint8Array(0), expiry = "", panSequenceNumber }: Transaction,
  ): NumberCard {
    return new NumberCard({ pan: vault.revealPan(panToken), expiry, panSequenceNumber });
  }

  verifyHolder(): Promise<HolderVerification> {
    return Promise.resolve({ pinEntered: false, signature: true });
  }

  close(): void {
    wipeIdentity(this.identity);
  }
}
