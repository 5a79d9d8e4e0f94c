import type { Wallet } from "../../codes/wallet-ranges.ts";
import type { PinAnswer } from "../../emv/cardholder.ts";
import type { HostVerdict } from "../../emv/completion.ts";
import type { FirstWord } from "../../emv/contact.ts";
import type { OfflinePin } from "../../emv/offline-pin.ts";
import type { ChipSummary, EntryMode, Transaction } from "../../journal/types.ts";
import type { Language } from "../../screen/messages/words.ts";
import type { CardIdentity } from "./identity.ts";

/** Asks for a PIN that the card checks. */
export type AskForCard = OfflinePin["ask"];

/** How the holder proved to be the holder. */
export interface HolderVerification {
  /** A PIN goes to the host. */
  readonly pinEntered: boolean;
  /** The chip found the PIN right, or the holder's own device is satisfied. */
  readonly verifiedBy?: "card" | "device";
  /** The holder has to sign the merchant's copy. */
  readonly signature: boolean;
}

/**
 * A card that has been read, by whichever reader. A sale takes it through its steps in this order; each may reject with
 * `CardError` or `FormatError`, and `verifyHolder` with `UserError`.
 */
export interface PresentedCard {
  readonly entryMode: EntryMode;
  readonly identity: CardIdentity;
  /** The card may approve, or has approved, without the host: the host is asked only where the card asks for it. */
  readonly mayApproveAlone: boolean;
  /** The language that the card wants its holder to be addressed in, where the terminal has it. */
  readonly language?: Language | undefined;
  /** The card's cryptogram says that a PIN was entered: there is no going without. */
  readonly pinPromised?: boolean;
  /** The card must stay in its reader until the end. */
  readonly staysIn: boolean;
  /**
   * Has the holder verified.
   * @param askPin asks for a PIN for the host; called once at most
   * @param askForCard asks for a PIN that the card checks, again and again while it is wrong
   */
  verifyHolder(askPin: () => Promise<PinAnswer>, askForCard: AskForCard): Promise<HolderVerification>;
  /** The card's first word. The journal must have opened the transaction. */
  decide(transaction: Pick<Transaction, "stan">): Promise<FirstWord>;
  /** Of a phone: field 59 of a payment, wiped by the caller. */
  codeData?(transaction: Transaction, terminalId: string): Uint8Array;
  /** Of a phone: it scans what the terminal shows. */
  readonly isShown?: boolean;
  /** Whose wallet it is that pays, where that is known. */
  readonly wallet?: Wallet | undefined;
  /** Field 55 of the request, or of what is told later of an approval without the host. */
  chipData(): Uint8Array | undefined;
  /** Tells the card what the host said and gives its last word: whether the approval stands. */
  complete(verdict: HostVerdict): Promise<"agreed" | "refused">;
  /** Field 55 of the notice on the issuer's scripts, where there were any. */
  scriptNotice?(): Uint8Array | undefined;
  /** What is known of the chip by now. */
  summary(): ChipSummary | undefined;
  /** Lets go of the card and wipes what was read; may be called twice. */
  close(): void;
}
