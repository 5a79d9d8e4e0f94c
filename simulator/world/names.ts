import { accountNames } from "../acquirer/accounts.ts";
import { allCards } from "../cards/cards.ts";
import { KEY_PLACES } from "../chips/p1.ts";
import type { Names } from "../scenario/language.ts";
import { DEFAULT_PARAMETERS } from "./profile.ts";

/** What exists in every simulated world, by name, without making one. */
export const worldNames: Names = {
  isKey: (name) => Object.hasOwn(KEY_PLACES, name),
  isCard: (name) => allCards().has(name),
  isAccount: (name) => accountNames(allCards().values()).includes(name),
  isParameter: (name) => Object.hasOwn(DEFAULT_PARAMETERS, name),
};
