import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt } from "node:crypto";

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
  return Buffer.concat([head, signHead(head, key), content]);
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * RSASSA-PSS (RFC 8017, 8.1.1) with SHA-256 and a salt of 32 bytes that comes of the head and the key's modulus: the same
 * package has the same bytes, so that scenarios replay to the byte.
 */
function signHead(head: Uint8Array, key: KeyObject): Buffer {
  const digest = sha256(head);
  const salt = sha256(Buffer.from("salt"), digest, Buffer.from(publicHalf(key).modulus, "hex"));
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const data = Buffer.alloc(384 - 32 - 1);
  data[data.length - 33] = 1;
  salt.copy(data, data.length - 32);
  const mask = maskOf(hash, data.length);
  for (let at = 0; at < data.length; at++) data[at]! ^= mask[at]!;
  data[0]! &= 0x7f;
  const encoded = Buffer.concat([data, hash, Buffer.of(0xbc)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** MGF1 (RFC 8017, B.2.1). */
function maskOf(seed: Uint8Array, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; parts.length * 32 < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    parts.push(sha256(seed, number));
  }
  return Buffer.concat(parts).subarray(0, length);
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
