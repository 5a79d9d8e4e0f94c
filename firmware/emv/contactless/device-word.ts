import { cryptogramType } from "../cryptogram.ts";
import type { SessionData } from "../data.ts";
import { tags } from "../tags.ts";
import { qualifiersPlace, tapTags } from "./tap-tags.ts";

/**
 * Whether a phone's qualifiers (9F6C) may be believed that it verified its owner (EMV contactless Book C-3, 5.7.1; Book
 * C-7 likewise): where the card's authentication data came too, it must say the same; where it did not, nobody but the
 * host can tell, and an approval without the host needs a signature over them.
 */
export function isDeviceWordGood(data: SessionData): boolean {
  const card = data.fromCard(tags.cardTransactionQualifiers);
  const related = data.fromCard(tapTags.cardAuthenticationData);
  if (related === undefined) {
    return cryptogramType(data) === "ARQC";
  }
  return related[qualifiersPlace] === card?.[0] && related[qualifiersPlace + 1] === card?.[1];
}
