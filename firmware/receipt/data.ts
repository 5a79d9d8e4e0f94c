import type { Wallet } from "../codes/wallet-ranges.ts";
import type { Money } from "../screen/money.ts";
import type { Operation } from "../screen/screens.ts";

/** Who a copy is for. */
export type Copy = "merchant" | "cardholder";

/** How the card was read, by the letter that Chinese receipts put behind its number; `code`: no card, a phone's code. */
export type EntryMode = "swipe" | "chip" | "contactless" | "fallback" | "manual" | "code";

/** How the cardholder was made sure of; `earlier`: on the slip of the transaction that this one changes. */
export type Verification = "pin" | "signature" | "pin-and-signature" | "device" | "none" | "earlier";

/** What a chip card adds (EMV 4.3 Book 3, annex C for TVR and TSI); all but the label in hex. */
export interface ChipData {
  readonly cryptogramType: "ARQC" | "TC" | "AAC";
  readonly cryptogram: string;
  readonly tvr: string;
  readonly tsi: string;
  readonly atc: string;
  readonly aid: string;
  readonly label: string;
}

/** What a receipt says of an earlier transaction. */
export interface OriginalReceipt {
  readonly voucher?: string;
  readonly reference?: string;
  readonly authorisationCode?: string;
  /** "03/14" */
  readonly date: string;
}

/** All that a receipt of a card transaction says. Texts may be Chinese; the card's number comes masked. */
export interface ReceiptData {
  readonly merchantName: string;
  readonly merchantNumber: string;
  readonly terminalNumber: string;
  readonly operator: string;
  readonly acquirer?: string;
  readonly issuer?: string;
  /** "6228 48** **** 1117"; absent of a payment by code. */
  readonly pan?: string;
  /** Of a payment by code: whose wallet, the payer as the wallet masks it, and the wallet's number of the payment. */
  readonly code?: { readonly wallet?: Wallet; readonly payer?: string; readonly order?: string };
  readonly entry: EntryMode;
  readonly operation: Operation;
  /** Six digits each. */
  readonly batch: string;
  readonly voucher: string;
  readonly authorisationCode?: string;
  /** Field 37. */
  readonly reference?: string;
  /** "2025/03/14 21:07:33", the terminal's local time. */
  readonly dateTime: string;
  /** Below zero where money goes back. */
  readonly amount: Money;
  /** Of `amount` what is a tip. */
  readonly tip?: Money;
  /** The guest may write a tip on the merchant's copy. */
  readonly tipWanted?: boolean;
  /** The earlier transaction that this one takes back, changes or uses up: what is known of it. */
  readonly original?: OriginalReceipt;
  readonly verification: Verification;
  readonly chip?: ChipData;
  /** A second print of a copy that was printed before. */
  readonly duplicate?: boolean;
}
