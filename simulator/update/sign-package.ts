import { constants, createHash, createPublicKey, type KeyObject, sign } from "node:crypto";

/** What the maker of an update says about it; byte layout in ../../firmware/update/README.md, "The package". */
export interface PackageDescription {
  readonly kind: "firmware" | "parameters" | "applications" | "caKeys" | "fonts" | "messages";
  /** As `hal/boards` names it; absent: any board. */
  readonly board?: string;
  /** "1.2.3" */
  readonly version: string;
  readonly securityVersion: number;
  /** Which of the terminals' keys signs it, 0 to 255. */
  readonly signer: number;
  readonly mayReplaceNewer?: boolean;
}

const KINDS = ["firmware", "parameters", "applications", "caKeys", "fonts", "messages"];

/**
 * A signed package of the content: the head of 512 bytes, then the content. Throws `RangeError` for a description that
 * has no place in a head, and for a key that is not RSA of 3,072 bits.
 */
export function signPackage(description: PackageDescription, content: Uint8Array, key: KeyObject): Buffer {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== "rsa" || modulusLength !== 3072) throw new RangeError("an RSA key of 3,072 bits signs");
  const head = headOf(description, content);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return Buffer.concat([head, sign("sha256", head, { key, padding, saltLength: 32 }), content]);
}

function headOf(description: PackageDescription, content: Uint8Array): Buffer {
  const { kind, board = "", version, securityVersion, signer, mayReplaceNewer = false } = description;
  if (!/^[a-z0-9_]{0,24}$/.test(board)) throw new RangeError("board: at most 24 small letters, digits and _");
  if (kind === "firmware" && board === "") throw new RangeError("board: firmware is for one");
  const numbers = /^(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined) throw new RangeError("version: three numbers expected");
  if (content.length === 0) throw new RangeError("content: none");
  const head = Buffer.alloc(128);
  head.write("XPKG", 0, "latin1");
  head.set([1, 1 + KINDS.indexOf(kind), mayReplaceNewer ? 1 : 0], 4);
  head.writeUInt8(signer, 7);
  head.write(board, 8, "latin1");
  for (const [place, number] of numbers.entries()) head.writeUInt16BE(number, 32 + 2 * place);
  head.writeUInt32BE(securityVersion, 40);
  head.writeUInt32BE(content.length, 44);
  head.set(createHash("sha256").update(content).digest(), 48);
  return head;
}

/** The public half of a key as terminals are given it: big-endian modulus and exponent, in hexadecimal. */
export function publicHalf(key: KeyObject): { readonly modulus: string; readonly exponent: string } {
  const { n = "", e = "" } = createPublicKey(key).export({ format: "jwk" });
  const hex = (value: string): string => Buffer.from(value, "base64url").toString("hex").toUpperCase();
  return { modulus: hex(n), exponent: hex(e) };
}
