import { codeObject, codeObjects } from "../../acquirer/dialect/code-data.ts";
import { panOf } from "../../acquirer/reversal.ts";
import { wipe } from "../../codec/bytes.ts";
import { asciiToBytes } from "../../codec/text.ts";
import { isWallet, type Wallet } from "../../codes/wallet-ranges.ts";
import type { Transaction } from "../../journal/types.ts";
import type { Vault } from "../../vault/types.ts";
import { ChiplessCard } from "./chipless-card.ts";
import type { CardIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";

/** A phone in a card's place: what it shows was scanned, or it reads what the terminal shows. Its wallet knows its owner. */
export class CodeBearer extends ChiplessCard implements PresentedCard {
  readonly entryMode = "code";
  readonly identity: CardIdentity;
  readonly staysIn = false;
  readonly wallet: Wallet | undefined;
  readonly #code: Uint8Array | undefined;

  /**
   * @param code what was scanned, ASCII: money until it was used, wiped at the end; absent: the phone does the scanning
   * @param wallet whose code it is, where that is known
   * @param number of the card behind the code, where there is one
   */
  constructor(code?: Uint8Array, wallet?: Wallet, number: Partial<CardIdentity> = {}) {
    super();
    const { pan = new Uint8Array(0), expiry = "", panSequenceNumber } = number;
    this.identity = { pan, expiry, panSequenceNumber, track2: undefined, serviceCode: undefined, holder: undefined };
    this.#code = code;
    this.wallet = wallet;
  }

  get isShown(): boolean {
    return this.#code === undefined;
  }

  verifyHolder(): Promise<HolderVerification> {
    return Promise.resolve({ pinEntered: false, signature: false });
  }

  /** Field 59 of a payment; the caller wipes it. */
  codeData({ batch, stan }: Transaction, terminalId: string): Uint8Array {
    return this.#code === undefined
      ? codeObject(codeObjects.reference, asciiToBytes(referenceOf(terminalId, batch, stan)))
      : codeObject(codeObjects.code, this.#code);
  }

  /** The phone that paid an earlier transaction. */
  static ofTransaction(vault: Pick<Vault, "revealPan">, transaction: Transaction): CodeBearer {
    const { scheme, expiry = "", panSequenceNumber } = transaction;
    const pan = panOf({ vault }, transaction) ?? new Uint8Array(0);
    return new CodeBearer(undefined, isWallet(scheme) ? scheme : undefined, { pan, expiry, panSequenceNumber });
  }

  close(): void {
    wipe(this.identity.pan);
    if (this.#code !== undefined) wipe(this.#code);
  }
}

/** What a code that is shown is known by: terminal, batch and STAN, 20 characters. */
export function referenceOf(terminalId: string, batch: number, stan: number): string {
  return terminalId + [batch, stan].map((part) => String(part).padStart(6, "0")).join("");
}
