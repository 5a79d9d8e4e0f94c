import { sha256 } from "#native/digest";
import { concat, equal } from "../codec/bytes.ts";
import { hexToBytes } from "../codec/hex.ts";
import { type RsaPublicKey, rsaPublic } from "./rsa.ts";

/** DigestInfo of SHA-256 before the hash itself (RFC 8017, 9.2, note 1). */
const sha256Prefix = "3031300D060960864801650304020105000420";
/** Bytes before the DigestInfo: `00 01`, at least eight times `FF`, `00`. */
const leastPadding = 11;

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2): true when the signature is the key's over the message. The whole
 * encoding is compared, nothing of the signature is parsed.
 */
export function isSignedPkcs1(key: RsaPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const found = rsaPublic(key, signature);
  const digestInfo = concat([hexToBytes(sha256Prefix), sha256(message)]);
  if (found === undefined || found.length < digestInfo.length + leastPadding) return false;
  const expected = new Uint8Array(found.length).fill(0xff);
  expected[0] = 0;
  expected[1] = 1;
  expected[found.length - digestInfo.length - 1] = 0;
  expected.set(digestInfo, found.length - digestInfo.length);
  return equal(found, expected);
}
