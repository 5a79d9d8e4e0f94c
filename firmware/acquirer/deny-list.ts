import type { SecureStorage } from "../../hal/io.ts";
import { bytesToInteger, integerToBytes } from "../codec/bytes.ts";
import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { isSignedPkcs1 } from "../crypto/pkcs1.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";

/** Certificates that are not to be trusted any more. */
export interface DenyList {
  /** A higher one replaces a lower one, never the other way round. */
  readonly version: number;
  /** Serial numbers without a sign byte. */
  readonly serials: readonly Uint8Array[];
  /** SHA-256 of keys (SubjectPublicKeyInfo). */
  readonly keys: readonly Uint8Array[];
}

/** A deny list as it comes: a CBOR map `{ kind, version, serials, keys }`, and its signature by our key. */
export interface SignedDenyList {
  readonly list: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over `list`. */
  readonly signature: Uint8Array;
}

/** What the signature is for, so that nothing else that the key signs can be taken for a list. */
const kind = "xspos deny list";
const [mostEntries, longestSerial, keyHashLength] = [256, 20, 32];
const mostVersion = 0xffff_ffff;
/** In the secure storage: the highest version that was ever taken, 4 bytes. */
const versionName = "denyListVersion";

/** Reads a list and checks its signature. Throws `FormatError`. */
export function readDenyList(signed: SignedDenyList, key: RsaPublicKey): DenyList {
  if (!isSignedPkcs1(key, signed.list, signed.signature)) throw new FormatError("deny list", 0, "wrong signature");
  const value = decodeCbor(signed.list);
  if (!isCborMap(value) || value.kind !== kind) throw new FormatError("deny list", 0, "another kind of thing");
  const { version, serials, keys } = value;
  const isVersion = typeof version === "number" && Number.isInteger(version) && version >= 1 && version <= mostVersion;
  if (!isVersion) throw new FormatError("deny list version", 0, "1 to 2^32 - 1 expected");
  const isSerial = (length: number): boolean => length >= 1 && length <= longestSerial;
  return {
    version,
    serials: byteStrings(serials, isSerial),
    keys: byteStrings(keys, (length) => length === keyHashLength),
  };
}

/**
 * The deny list that counts from now on. One that is wrongly signed, older than one that was taken before, or gone
 * since then is refused: whoever can take a list away must not gain by it.
 */
export function takeDenyList(
  signed: SignedDenyList | undefined,
  key: RsaPublicKey | undefined,
  secure: SecureStorage,
): { readonly denied: DenyList | undefined } | "refused" {
  const stored = secure.read(versionName);
  const taken = stored === undefined ? 0 : bytesToInteger(stored);
  if (signed === undefined || key === undefined) {
    return taken === 0 && signed === undefined ? { denied: undefined } : "refused";
  }
  try {
    const denied = readDenyList(signed, key);
    if (denied.version < taken) return "refused";
    if (denied.version > taken) secure.write(versionName, integerToBytes(denied.version, 4));
    return { denied };
  } catch (error) {
    if (error instanceof FormatError) return "refused";
    throw error;
  }
}

function byteStrings(value: CborValue | undefined, fits: (length: number) => boolean): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > mostEntries) throw new FormatError("deny list", 0, "a list expected");
  return value.map((each: CborValue) => {
    if (!(each instanceof Uint8Array) || !fits(each.length)) throw new FormatError("deny list", 0, "wrong entry");
    return each;
  });
}
