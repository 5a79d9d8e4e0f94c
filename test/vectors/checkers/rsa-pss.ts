/** Holds firmware/crypto's RSASSA-PSS with SHA-256 and a salt of 32 bytes to published values (kind `rsa-pss`). */
import { sha256 } from "#native/digest";
import { isSignedPss } from "../../../firmware/crypto/pss.ts";
import { asFields, bytes, text } from "./case.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const algorithm = text(fields, "algorithm");
  if (algorithm !== "RSASSA-PSS SHA-256 MGF1-SHA-256 32") return `unknown algorithm ${algorithm}`;
  const key = { modulus: bytes(fields, "modulus"), exponent: bytes(fields, "exponent") };
  const isGood = isSignedPss(key, sha256(bytes(fields, "message")), bytes(fields, "signature"));
  return isGood === (fields.valid !== false) ? undefined : `found ${isGood ? "good" : "bad"}`;
}
