/** The issuer's accounts, seeded from the cards' files. */
import type { AccountStatus, CardDefinition, ScriptDefinition } from "../cards/definition.ts";
import { profileOf } from "../cards/profiles.ts";
import type { CardKeys, VersionName } from "./issuer/versions.ts";
import { cardKeys } from "./issuer/versions.ts";

/** One account as the bank keeps it; the money itself stands in the ledger. */
export interface CardAccount {
  /** The card's name, or the application's on a card with several. */
  readonly name: string;
  readonly pan: string;
  /** YYMM. */
  readonly expires: string;
  readonly currency: string;
  readonly opening: number;
  readonly limit: number;
  readonly pinOffset: string;
  readonly pinRequired: boolean;
  readonly network: "CUP" | "VIS" | "MCC";
  readonly chip?: { readonly version: VersionName; readonly keys: CardKeys };
  readonly wrongArpc: boolean;
  readonly wrongScriptMac: boolean;
  readonly scripts: readonly ScriptDefinition[];
  status: AccountStatus;
  pinTriesLeft: number;
  /** Cryptograms seen: one serves once. */
  readonly cryptograms: Set<string>;
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
