/** The issuer's accounts, seeded from the cards' files. */
import type { AccountStatus, CardDefinition, ScriptDefinition } from "../cards/definition.ts";
import { profileOf } from "../cards/profiles.ts";
import type { CardKeys, VersionName } from "./issuer/versions.ts";
import { cardKeys } from "./issuer/versions.ts";

/** What every account has, a card's as well as a wallet's; the money itself stands in the ledger. */
export interface Account {
  /** The card's name (the application's on a card with several), or the phone's. */
  readonly name: string;
  readonly currency: string;
  readonly opening: number;
  readonly limit: number;
  /** As field 63 has it. */
  readonly network: "CUP" | "VIS" | "MCC" | "WXP" | "ALP";
  status: AccountStatus;
}

/** A card's account as the bank keeps it. */
export interface CardAccount extends Account {
  readonly pan: string;
  /** YYMM. */
  readonly expires: string;
  readonly pinOffset: string;
  readonly pinRequired: boolean;
  readonly network: "CUP" | "VIS" | "MCC";
  readonly chip?: { readonly version: VersionName; readonly keys: CardKeys };
  readonly wrongArpc: boolean;
  readonly wrongScriptMac: boolean;
  readonly scripts: readonly ScriptDefinition[];
  pinTriesLeft: number;
  /** Cryptograms seen: one serves once. */
  readonly cryptograms: Set<string>;
}

/** By what the table of fees finds an account: its card number, or its wallet. */
export function feeKey(account: Account): string {
  return panOf(account) || account.network;
}

/** An account's card number; empty for a wallet's. */
export function panOf(account: Account | undefined): string {
  return account !== undefined && "pan" in account ? String(account.pan) : "";
}

/** Wrong PINs a card may have before it is blocked. */
export const PIN_TRIES = 3;

/** What one can pay with: each application of a card, or the card itself where it has none. */
function paymentsOf(card: CardDefinition) {
  const base = { name: card.name, pan: card.pan, account: card.account, profile: undefined };
  return card.applications.length > 0 ? card.applications : [base];
}

/** The names of the accounts that `accountsOf` gives. */
export function accountNames(cards: Iterable<CardDefinition>): string[] {
  return [...cards].flatMap((card) => paymentsOf(card).map(({ name }) => name));
}

/** The accounts of all applications of the cards; `offset` is the security module's stored value for a PIN. */
export function accountsOf(
  cards: Iterable<CardDefinition>,
  offset: (pan: string, pin: string) => string,
): CardAccount[] {
  const accounts: CardAccount[] = [];
  for (const card of cards) {
    for (const item of paymentsOf(card)) {
      const profile = item.profile && profileOf(item.profile);
      const { account, pan } = item;
      accounts.push({
        name: item.name,
        pan,
        expires: card.expires,
        currency: account.currency,
        opening: account.balance,
        limit: account.limit,
        pinOffset: offset(pan, account.pin),
        pinRequired: account.pinRequired,
        network: profile?.network ?? "CUP",
        ...(profile && { chip: { version: profile.version, keys: cardKeys(profile.version, pan, card.sequence) } }),
        wrongArpc: account.wrongArpc,
        wrongScriptMac: account.wrongScriptMac,
        scripts: account.scripts,
        status: account.status,
        pinTriesLeft: account.pinTriesLeft,
        cryptograms: new Set(),
      });
    }
  }
  return accounts;
}
