import { accountNames } from "../acquirer/accounts.ts";
import { allCards, cardDefinition } from "../cards/cards.ts";
import { copyCard } from "../cards/copy.ts";
import { allPhones, phoneCards } from "../cards/phone/definition.ts";
import { KEY_PLACES } from "../chips/p1.ts";
import type { Names } from "../scenario/language.ts";
import { JOURNAL_STATES } from "./journal-reader.ts";
import { PAPER_COPIES } from "./paper-reader.ts";
import { DEFAULT_PARAMETERS } from "./profile.ts";

const PARAMETER_WORDS: Readonly<Record<string, readonly string[]>> = {
  language: ["zh", "en"],
  confirmApproval: ["automatic", "manual"],
  link: ["tls", "plain"],
  keyScheme: ["master-session", "dukpt-tdes", "dukpt-aes"],
  macMethod: ["unionpay", "retail-1", "retail-2", "retail-3", "cbc", "cmac", "hmac"],
};

/** What exists in every simulated world, by name, without making one. */
export const worldNames: Names = {
  isKey: (name) => Object.hasOwn(KEY_PLACES, name),
  isCard: (name) => allCards().has(name),
  copyOf: (card, changes) => copyCard(cardDefinition(card), changes),
  isAccount: (name) => accountNames([...allCards().values(), ...phoneCards()]).includes(name),
  isPhone: (name) => allPhones().has(name),
  isParameter: (name) => Object.hasOwn(DEFAULT_PARAMETERS, name),
  parameterWords: (name) => (Object.hasOwn(PARAMETER_WORDS, name) ? PARAMETER_WORDS[name] : undefined),
  states: JOURNAL_STATES,
  copies: PAPER_COPIES,
};
