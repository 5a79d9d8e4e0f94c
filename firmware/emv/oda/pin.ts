import { wipe } from "../../codec/bytes.ts";
import { type RsaPublicKey, rsaPublic } from "../../crypto/rsa.ts";
import type { SessionData } from "../data.ts";
import type { AuthorityKeySource } from "../keys.ts";
import { tags } from "../tags.ts";
import { recoverKeys } from "./authenticate.ts";
import { issuerKeyOf, pinKeyOf } from "./chain.ts";
import type { AuthenticationFault } from "./recovery.ts";

const header = 0x7f;
const blockLength = 8;
const challengeLength = 8;
const paddingStart = 1 + blockLength + challengeLength;

/**
 * The key that a PIN is enciphered under for the card (EMV 4.3 Book 2, 7.1): its PIN encipherment key, or its signing key
 * when it has none of its own.
 * @param cardKey the signing key when offline data authentication recovered it already
 */
export function recoverPinKey(
  data: SessionData,
  keys: AuthorityKeySource,
  cardKey?: RsaPublicKey,
): RsaPublicKey | AuthenticationFault {
  if (data.fromCard(tags.pinKeyCertificate) === undefined) {
    return cardKey ?? recoverKeys({ data, keys });
  }
  const issuer = issuerKeyOf(data, keys);
  return typeof issuer === "string" ? issuer : pinKeyOf(data, issuer);
}

/** How many random bytes `encipherPin` needs for a key: its length less 17 bytes. */
export function pinPaddingLength(key: RsaPublicKey): number {
  return Math.max(0, key.modulus.length - paddingStart);
}

/**
 * Enciphered PIN data for VERIFY (Book 2, 7.2, table 25): as long as the key.
 * @param block PIN block of format 2, 8 bytes; wiped by the caller
 * @param challenge the card's unpredictable number from GET CHALLENGE, 8 bytes
 * @param padding `pinPaddingLength` random bytes
 * @returns undefined when a part has another length or the key cannot be used
 */
export function encipherPin(
  key: RsaPublicKey,
  block: Uint8Array,
  challenge: Uint8Array,
  padding: Uint8Array,
): Uint8Array | undefined {
  const length = key.modulus.length;
  if (
    length < paddingStart ||
    block.length !== blockLength ||
    challenge.length !== challengeLength ||
    padding.length !== length - paddingStart
  ) {
    return undefined;
  }
  const message = new Uint8Array(length);
  message[0] = header;
  message.set(block, 1);
  message.set(challenge, 1 + blockLength);
  message.set(padding, paddingStart);
  const enciphered = rsaPublic(key, message);
  wipe(message);
  return enciphered;
}
