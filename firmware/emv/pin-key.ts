import type { RsaPublicKey } from "../crypto/rsa.ts";
import type { SessionData } from "./data.ts";
import type { AuthorityKeySource } from "./keys.ts";
import { recoverKeys } from "./oda/authenticate.ts";
import { issuerKeyOf, pinKeyOf } from "./oda/chain.ts";
import { tags } from "./tags.ts";

/**
 * The key that a card wants its PIN enciphered with (EMV 4.3 Book 2, 7.1): one of its own for PINs, or else the key that
 * it signs with. Undefined when its certificate is missing or not good.
 */
export function pinEnciphermentKey(data: SessionData, keys: AuthorityKeySource): RsaPublicKey | undefined {
  if (data.fromCard(tags.pinKeyCertificate) === undefined) {
    const cardKey = recoverKeys({ data, keys });
    return typeof cardKey === "string" ? undefined : cardKey;
  }
  const issuer = issuerKeyOf(data, keys);
  const pinKey = typeof issuer === "string" ? issuer : pinKeyOf(data, issuer);
  return typeof pinKey === "string" ? undefined : pinKey;
}
