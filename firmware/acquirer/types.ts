import type { Wallet } from "../codes/wallet-ranges.ts";
import type { EntryMode, Transaction, TransactionChanges } from "../journal/types.ts";
import type { ChipItem, ChipList, ChipListOutcome, ChipNames } from "./chip-lists.ts";
import type { HostContext } from "./conversation.ts";
import type { FundsOutcome } from "./funds.ts";
import type { CertificateFault } from "./judge.ts";
import type { PackageOutcome, PackageQuestion } from "./package-blocks.ts";
import type { ParameterOutcome } from "./parameter-blocks.ts";
import type { ClaimOutcome, ShopPaymentsOutcome } from "./shop-payments.ts";
import type { SpendingOutcome } from "./spending.ts";

/** What goes out about a card, or about a code in its place. The caller wipes the arrays afterwards. */
export interface CardData {
  readonly entryMode: EntryMode;
  /** ASCII digits; absent of a code. */
  readonly pan?: Uint8Array;
  /** YYMM. */
  readonly expiry?: string;
  /** ASCII, `=` as separator, no sentinels. */
  readonly track2?: Uint8Array;
  /** Three digits, `"001"`. */
  readonly panSequenceNumber?: string;
  /** Field 55: BER-TLV. */
  readonly chipData?: Uint8Array;
  /** Field 59: objects of dialect/code-data.ts. */
  readonly codeData?: Uint8Array;
}

/** What the host tells of a payment by code: whose wallet it was, the wallet's number of it, and the payer as the wallet shows it. */
export interface WalletWord {
  readonly scheme?: Wallet;
  readonly order?: string;
  readonly payer?: string;
}

/** What in an answer did not fit the question. */
export type Misfit =
  | "mac"
  | "type"
  | "stan"
  | "amount"
  | "currency"
  | "terminal"
  | "merchant"
  | "processingCode"
  | "format";

/** What became of a request for money. */
export type AuthorisationOutcome =
  | ({
      readonly kind: "approved";
      readonly responseCode: string;
      readonly authorisationCode: string;
      readonly referenceNumber: string;
      /** MMDD */
      readonly hostDate: string;
      /** hhmmss */
      readonly hostTime: string;
      readonly issuer?: string;
      readonly acquirer?: string;
      /** Field 55 of the answer: BER-TLV with issuer authentication data (91) and scripts. */
      readonly chipData?: Uint8Array;
    } & WalletWord)
  /** Of a payment by code: the customer has still to do something. */
  | ({ readonly kind: "pending" } & WalletWord)
  | {
      readonly kind: "declined";
      readonly responseCode: string;
      readonly referenceNumber?: string;
      readonly chipData?: Uint8Array;
    }
  /** An answer came that does not fit the question: the transaction must be reversed, with this reason. */
  | {
      readonly kind: "mismatch";
      readonly field: Misfit;
      readonly reversalReason: "A0" | "06";
      /** The amount that was answered, in minor units, where it is another than was asked for. */
      readonly answeredAmount?: number;
    }
  /** `sent` false: nothing left the terminal, so that nothing has to be reversed. */
  | { readonly kind: "noAnswer"; readonly sent: boolean };

export type SignInOutcome =
  /** `batch`: the number of the batch that the host has open, where it says so. */
  | { readonly kind: "signedIn"; readonly batch?: number }
  | { readonly kind: "refused"; readonly responseCode: string }
  | { readonly kind: "mismatch" }
  | { readonly kind: "noAnswer" };

/** What a card's issuer says that the holder may spend. */
export type BalanceOutcome =
  /** Minor units of the terminal's currency; below zero the holder owes it. */
  | { readonly kind: "told"; readonly amount: number; readonly chipData?: Uint8Array }
  | { readonly kind: "declined"; readonly responseCode: string; readonly chipData?: Uint8Array }
  | { readonly kind: "mismatch" | "noAnswer" };

/** What the customer of a payment by code has still to do. */
export type CodeWait = "confirmation" | "password" | "scan";

/** What became of a payment at the host, in its own words. */
export type PaymentState =
  | "unknown"
  | "pending"
  | "approved"
  | "declined"
  | "reversed"
  | "voided"
  | "adjusted"
  | "completed"
  | "settled";

/** What the host says of a payment that it is asked about. `unsupported`: it does not know the question. */
export type PaymentOutcome =
  | ({
      readonly kind: "told";
      readonly state: PaymentState;
      readonly amount?: number;
      readonly responseCode?: string;
      readonly authorisationCode?: string;
      readonly referenceNumber?: string;
      /** MMDD and hhmmss. */
      readonly date?: string;
      readonly time?: string;
      /** Of a payment by code that is pending: what its customer has still to do. */
      readonly waitingFor?: CodeWait;
    } & WalletWord)
  | { readonly kind: "unsupported" | "mismatch" | "noAnswer" };

/** `disputed`: the host gave a final answer after which the money may still be the merchant's. */
export type ReversalOutcome =
  | { readonly kind: "reversed"; readonly responseCode: string }
  | { readonly kind: "disputed"; readonly responseCode: string }
  | { readonly kind: "noAnswer" };

/** What the host makes of a transaction that was decided without it. `noAnswer`: it is owed on. */
export type TellingOutcome =
  /** `changes`: what the host says of it: codes, reference, date and time. */
  | { readonly kind: "taken"; readonly changes: TransactionChanges }
  | { readonly kind: "refused"; readonly responseCode: string }
  | { readonly kind: "noAnswer" };

/** The terminal's side of the host. Every call ends within the timeouts of the parameters; none throws for what a host says. */
export interface Acquirer {
  /** True while the session keys of a sign-in are there and no answer's MAC has been wrong under them. */
  readonly signedIn: boolean;
  /** What was wrong with the certificates of hosts that were there, where the last question was not answered. */
  readonly refused: CertificateFault | undefined;
  signIn(): Promise<SignInOutcome>;
  /** Forgets the session keys; true when the host has confirmed. */
  signOut(): Promise<boolean>;
  /** Rejects with `MissingKeyError` when not signed in: the flow signs in first. The transaction is `authorising` by then. */
  authorise(transaction: Transaction, card: CardData, pinBlock?: Uint8Array): Promise<AuthorisationOutcome>;
  /** Moves nothing and is not journalled. Rejects with `MissingKeyError` when not signed in. */
  askBalance(stan: number, card: CardData, pinBlock?: Uint8Array): Promise<BalanceOutcome>;
  /** Asks what became of a transaction that was sent. Rejects with `MissingKeyError` when not signed in. */
  askOutcome(transaction: Transaction): Promise<PaymentOutcome>;
  /**
   * Asks which payments to the shop's own code wait to be taken over, after this number. Rejects with `MissingKeyError` when not
   * signed in, as the next one.
   */
  askShopPayments(after: number): Promise<ShopPaymentsOutcome>;
  /** Takes one over under the STAN of a transaction, which is `authorising` by then; may be repeated. */
  claim(transaction: Transaction): Promise<ClaimOutcome>;
  /** Rejects with `MissingKeyError` when not signed in. The transaction is `reversing` by then. */
  reverse(transaction: Transaction): Promise<ReversalOutcome>;
  /**
   * Tells the host of a transaction that is under way to it (`uploading`, `sent`). Rejects with `MissingKeyError` when
   * not signed in.
   * @param isRepeat it may have reached the host before
   */
  tell(transaction: Transaction, isRepeat: boolean): Promise<TellingOutcome>;
  /** Sends the notice on an issuer's scripts; true once the host has heard it. Rejects as above. */
  tellScripts(transaction: Transaction): Promise<boolean>;
  /** Asks where the money is: what changed after this number. Rejects with `MissingKeyError` when not signed in. */
  askFunds(after: number): Promise<FundsOutcome>;
  /**
   * Asks for a block of the parameters that the host has for this terminal. Rejects with `MissingKeyError` when not
   * signed in.
   * @param have version that is in use, "" for none
   */
  askParameters(have: string, offset: number): Promise<ParameterOutcome>;
  /**
   * Asks for a block of a signed package, over a line that stands from block to block. Rejects with `MissingKeyError` when not
   * signed in.
   */
  askPackage(question: PackageQuestion, line: HostContext["link"]): Promise<PackageOutcome>;
  /**
   * Asks which of the payment systems' keys or applications the host has. Rejects with `MissingKeyError` when not signed
   * in, as the two below.
   * @param known how many are known already
   */
  askChipNames(list: ChipList, known: number): Promise<ChipListOutcome<ChipNames>>;
  /** Asks for one of them. */
  askChipItem(list: ChipList, name: Uint8Array): Promise<ChipListOutcome<ChipItem>>;
  /** Says that all was fetched; true when the host has heard it. */
  endChipList(list: ChipList): Promise<boolean>;
  /**
   * Asks what the card of a transaction spent here this month. Rejects with `MissingKeyError` when not signed in.
   * @param isOver nobody wants to know any more: nothing is sent then
   */
  askSpending(stan: number, transaction: Transaction, isOver: () => boolean): Promise<SpendingOutcome>;
  echo(): Promise<boolean>;
  /** Ends what the host is being asked, as if it had not answered. */
  giveUp(): void;
}
