import type { Transaction } from "../journal/types.ts";
import { authorise } from "./authorise.ts";
import { askBalance } from "./balance.ts";
import {
  askChipItem,
  askChipNames,
  type ChipItem,
  type ChipList,
  type ChipListOutcome,
  type ChipNames,
  endChipList,
} from "./chip-lists.ts";
import type { AcquirerOptions, HostContext } from "./conversation.ts";
import { askFunds, type FundsOutcome } from "./funds.ts";
import type { CertificateFault } from "./judge.ts";
import { echo, signIn, signOut } from "./network-management.ts";
import { askOutcome } from "./outcome.ts";
import { askPackage, type PackageOutcome, type PackageQuestion } from "./package-blocks.ts";
import { askParameters, type ParameterOutcome } from "./parameter-blocks.ts";
import { reverse } from "./reversal.ts";
import { askShopPayments, type ClaimOutcome, claim, type ShopPaymentsOutcome } from "./shop-payments.ts";
import { askSpending, type SpendingOutcome } from "./spending.ts";
import { tell, tellScripts } from "./telling.ts";
import type {
  Acquirer,
  AuthorisationOutcome,
  BalanceOutcome,
  CardData,
  PaymentOutcome,
  ReversalOutcome,
  SignInOutcome,
  TellingOutcome,
} from "./types.ts";

/** The host, in UnionPay's dialect, over one connection a request. */
export class UnionPayAcquirer implements Acquirer {
  readonly #options: AcquirerOptions;

  constructor(options: AcquirerOptions) {
    this.#options = options;
  }

  get signedIn(): boolean {
    return this.#options.vault.inSession;
  }

  get refused(): CertificateFault | undefined {
    return this.#options.link.refused;
  }

  async signIn(): Promise<SignInOutcome> {
    return signIn(this.#options, await this.#options.journal.nextStan());
  }

  async signOut(): Promise<boolean> {
    return signOut(this.#options, await this.#options.journal.nextStan());
  }

  authorise(transaction: Transaction, card: CardData, pinBlock?: Uint8Array): Promise<AuthorisationOutcome> {
    return authorise(this.#options, transaction, card, pinBlock);
  }

  askBalance(stan: number, card: CardData, pinBlock?: Uint8Array): Promise<BalanceOutcome> {
    return askBalance(this.#options, stan, card, pinBlock);
  }

  async askOutcome(transaction: Transaction): Promise<PaymentOutcome> {
    return askOutcome(this.#options, await this.#options.journal.nextStan(), transaction);
  }

  async askShopPayments(after: number): Promise<ShopPaymentsOutcome> {
    return askShopPayments(this.#options, await this.#options.journal.nextStan(), after);
  }

  claim(transaction: Transaction): Promise<ClaimOutcome> {
    return claim(this.#options, transaction);
  }

  reverse(transaction: Transaction): Promise<ReversalOutcome> {
    return reverse(this.#options, transaction);
  }

  tell(transaction: Transaction, isRepeat: boolean): Promise<TellingOutcome> {
    return tell(this.#options, transaction, isRepeat);
  }

  async tellScripts(transaction: Transaction): Promise<boolean> {
    return tellScripts(this.#options, transaction, await this.#options.journal.nextStan());
  }

  async askFunds(after: number): Promise<FundsOutcome> {
    return askFunds(this.#options, await this.#options.journal.nextStan(), after);
  }

  async askParameters(have: string, offset: number): Promise<ParameterOutcome> {
    return askParameters(this.#options, await this.#options.journal.nextStan(), have, offset);
  }

  async askPackage(question: PackageQuestion, line: HostContext["link"]): Promise<PackageOutcome> {
    return askPackage({ ...this.#options, link: line }, await this.#options.journal.nextStan(), question);
  }

  async askChipNames(list: ChipList, known: number): Promise<ChipListOutcome<ChipNames>> {
    return askChipNames(this.#options, await this.#options.journal.nextStan(), list, known);
  }

  async askChipItem(list: ChipList, name: Uint8Array): Promise<ChipListOutcome<ChipItem>> {
    return askChipItem(this.#options, await this.#options.journal.nextStan(), list, name);
  }

  async endChipList(list: ChipList): Promise<boolean> {
    return endChipList(this.#options, await this.#options.journal.nextStan(), list);
  }

  askSpending(stan: number, transaction: Transaction, isOver: () => boolean): Promise<SpendingOutcome> {
    const { link } = this.#options;
    const exchange: typeof link.exchange = async (request) =>
      isOver() ? { kind: "noAnswer", sent: false } : link.exchange(request);
    return askSpending({ ...this.#options, link: { exchange } }, stan, transaction);
  }

  giveUp(): void {
    this.#options.link.giveUp?.();
  }

  async echo(): Promise<boolean> {
    return echo(this.#options, await this.#options.journal.nextStan());
  }
}
