import { sha256 } from "#native/digest";
import { concat, equal } from "../codec/bytes.ts";
import { type RsaPublicKey, rsaPublic } from "./rsa.ts";

/** Bytes of a SHA-256, and of the salt. */
const hashLength = 32;
/** What the encoding ends with (RFC 8017, 9.1.1, step 12). */
const trailer = 0xbc;

/**
 * RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 8017, 8.1.2 and 9.1.2): true when the signature
 * is the key's over the message.
 * @param messageHash SHA-256 of the message, 32 bytes
 */
export function isSignedPss(key: RsaPublicKey, messageHash: Uint8Array, signature: Uint8Array): boolean {
  const found = rsaPublic(key, signature);
  const first = key.modulus[0];
  if (found === undefined || first === undefined || first === 0) return false;
  // The encoding has one bit less than the modulus: where that makes whole bytes, a zero stands before it.
  const bits = 8 * key.modulus.length - Math.clz32(first) + 24 - 1;
  const length = Math.ceil(bits / 8);
  if (found.length > length && found[0] !== 0) return false;
  return isEncoded(found.subarray(found.length - length), bits, messageHash);
}

/** EMSA-PSS-VERIFY (RFC 8017, 9.1.2, steps 3 to 14); `bits` is emBits. */
function isEncoded(encoded: Uint8Array, bits: number, messageHash: Uint8Array): boolean {
  const maskedLength = encoded.length - hashLength - 1;
  if (maskedLength < hashLength + 1 || encoded[encoded.length - 1] !== trailer) return false;
  const hash = encoded.subarray(maskedLength, maskedLength + hashLength);
  const unused = 0xff00 >> (8 * encoded.length - bits);
  if ((encoded[0]! & unused & 0xff) !== 0) return false;
  const block = maskOf(hash, maskedLength);
  for (let i = 0; i < maskedLength; i++) block[i]! ^= encoded[i]!;
  block[0]! &= ~unused;
  const one = maskedLength - hashLength - 1;
  if (block[one] !== 1 || block.subarray(0, one).some((byte) => byte !== 0)) return false;
  const salt = block.subarray(one + 1);
  return equal(hash, sha256(concat([new Uint8Array(8), messageHash, salt])));
}

/** MGF1 with SHA-256 (RFC 8017, B.2.1), for fewer than 256 hashes. */
function maskOf(seed: Uint8Array, length: number): Uint8Array {
  const mask = new Uint8Array(length);
  const counted = concat([seed, new Uint8Array(4)]);
  for (let at = 0; at < length; at += hashLength) {
    counted[counted.length - 1] = at / hashLength;
    mask.set(sha256(counted).subarray(0, length - at), at);
  }
  return mask;
}
