import type { Transaction } from "../journal/types.ts";
import type { HostContext } from "./conversation.ts";
import { echo, signIn, signOut } from "./network-management.ts";
import { reverse } from "./reversal.ts";
import { authoriseSale } from "./sale.ts";
import { tell, tellScripts } from "./telling.ts";
import type {
  Acquirer,
  AuthorisationOutcome,
  CardData,
  ReversalOutcome,
  SignInOutcome,
  TellingOutcome,
} from "./types.ts";

/** What the acquirer's side is made of. */
export interface AcquirerOptions extends HostContext {
  /** From the journal: a STAN for a message that is no transaction. */
  readonly nextStan: () => Promise<number>;
}

/** The host, in UnionPay's dialect, over one connection a request. */
export class UnionPayAcquirer implements Acquirer {
  readonly #options: AcquirerOptions;

  constructor(options: AcquirerOptions) {
    this.#options = options;
  }

  get signedIn(): boolean {
    return this.#options.vault.inSession;
  }

  async signIn(): Promise<SignInOutcome> {
    return signIn(this.#options, await this.#options.nextStan());
  }

  async signOut(): Promise<boolean> {
    return signOut(this.#options, await this.#options.nextStan());
  }

  authoriseSale(transaction: Transaction, card: CardData, pinBlock?: Uint8Array): Promise<AuthorisationOutcome> {
    return authoriseSale(this.#options, transaction, card, pinBlock);
  }

  reverse(transaction: Transaction): Promise<ReversalOutcome> {
    return reverse(this.#options, transaction);
  }

  tell(transaction: Transaction, isRepeat: boolean): Promise<TellingOutcome> {
    return tell(this.#options, transaction, isRepeat);
  }

  async tellScripts(transaction: Transaction): Promise<boolean> {
    return tellScripts(this.#options, transaction, await this.#options.nextStan());
  }

  async echo(): Promise<boolean> {
    return echo(this.#options, await this.#options.nextStan());
  }
}
