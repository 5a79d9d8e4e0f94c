import { bytesToLatin1 } from "../codec/text.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** One to four languages, two letters each (ISO 639). */
const longest = 8;

/**
 * Language selection (EMV 4.3 Book 4, 11.1): the first of the card's languages (5F2D) that the terminal has; letters count
 * the same in either case.
 * @param supported two lower-case letters each
 * @returns undefined where they share none, or the card has none that can be read: the terminal's own language stays then
 */
export function preferredLanguage<Language extends string>(
  data: SessionData,
  supported: readonly Language[],
): Language | undefined {
  const preference = data.fromCard(tags.languagePreference);
  if (preference === undefined || preference.length > longest || preference.length % 2 !== 0) {
    return undefined;
  }
  const letters = bytesToLatin1(preference).toLowerCase();
  for (let place = 0; place < letters.length; place += 2) {
    const wanted = letters.slice(place, place + 2);
    const found = supported.find((language) => language === wanted);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
