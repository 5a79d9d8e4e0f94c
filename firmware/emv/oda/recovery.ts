import { sha1 } from "#native/digest";
import { concat, equal, wipe } from "../../codec/bytes.ts";
import { type RsaPublicKey, rsaPublic } from "../../crypto/rsa.ts";

/** Why offline data authentication fails. Never says what the card said. */
export type AuthenticationFault =
  /** The card lacks an element without which there is nothing to check. */
  | "missing"
  /** The terminal has no such authority key, or none that is still good. */
  | "unknownKey"
  /** A certificate, signature or key remainder of another length than its key says. */
  | "length"
  /** What the key opens has not the header, trailer or format of what it should be. */
  | "signature"
  /** A hash or key algorithm that the standard does not have. */
  | "algorithm"
  | "hash"
  /** A certificate of another issuer or card. */
  | "holder"
  | "expired"
  | "revoked"
  /** Records or a list of elements that cannot have been signed. */
  | "staticData"
  /** A dynamic data list without the unpredictable number, or that is no list. */
  | "dynamicDataList"
  /** A good signature over another cryptogram or another transaction than the card's answer. */
  | "transaction";

const header = 0x6a;
const trailer = 0xbc;
const hashLength = 20;

/** Hash algorithm indicator 01 is SHA-1, public key algorithm indicator 01 is RSA (EMV 4.3 Book 2, B2 and B3). */
export const sha1Indicator = 0x01;
export const rsaIndicator = 0x01;

/**
 * Opens a signature with message recovery (Book 2, annex A2.1): as long as the key's modulus, header 6A, trailer BC,
 * and the format that is expected.
 * @returns header, format, data, hash of 20 bytes and trailer, as they were signed
 */
export function recoverSigned(
  key: RsaPublicKey,
  signature: Uint8Array,
  format: number,
  leastLength: number,
): Uint8Array | AuthenticationFault {
  if (signature.length !== key.modulus.length || signature.length < leastLength) {
    return "length";
  }
  const message = rsaPublic(key, signature);
  if (message?.[0] !== header || message[1] !== format || message[message.length - 1] !== trailer) {
    return "signature";
  }
  return message;
}

/** The hash in a recovered message. */
export function signedHash(message: Uint8Array): Uint8Array {
  return message.subarray(message.length - 1 - hashLength, message.length - 1);
}

/** True when the hash in a recovered message is that of its own data and of `rest`, which did not fit into it. */
export function isHashGood(message: Uint8Array, rest: readonly Uint8Array[]): boolean {
  const covered = concat([message.subarray(1, message.length - 1 - hashLength), ...rest]);
  const isGood = equal(sha1(covered), signedHash(message));
  wipe(covered); // a card number may be among it
  return isGood;
}
