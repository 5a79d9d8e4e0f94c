/** Accounts of wallets: beside the cards' in the same books, seeded from the phones' files. */
import type { Account } from "../accounts.ts";
import type { Wallet } from "./ranges.ts";

/** What its owner has to do on the phone before a payment goes through. */
export type Ask = "nothing" | "confirmation" | "password";

/** A wallet's account; the money itself stands in the ledger. */
export interface WalletAccount extends Account {
  readonly network: Wallet;
  /** The account as the wallet shows it to shops. */
  readonly payer: string;
  readonly asks: Ask;
  readonly password: string;
}

/** What a wallet's account is opened with; amounts in minor units. */
export interface WalletDefinition {
  readonly name: string;
  readonly wallet: Wallet;
  readonly payer: string;
  readonly balance: number;
  readonly limit: number;
  readonly status: Account["status"];
  readonly asks: Ask;
  readonly password: string;
}

/** The accounts of the wallets. */
export function walletAccountsOf(definitions: Iterable<WalletDefinition>): WalletAccount[] {
  return [...definitions].map(({ wallet, balance, ...others }) => ({
    ...others,
    network: wallet,
    currency: "CNY",
    opening: balance,
  }));
}
