import { FormatError } from "../codec/errors.ts";
import { ByteReader } from "../codec/reader.ts";
import { bytesToAscii } from "../codec/text.ts";

/** What a package can hold, by its number in the head. */
export const packageKinds = Object.freeze({
  firmware: 1,
  parameters: 2,
  applications: 3,
  caKeys: 4,
  fonts: 5,
  messages: 6,
});
export type PackageKind = keyof typeof packageKinds;

/** Major, minor and patch, each below 65,536. */
export type PackageVersion = readonly [number, number, number];

/** What a package says about itself, before its content. */
export interface PackageHead {
  readonly kind: PackageKind;
  /** Its signer lets it replace a newer version too. */
  readonly mayReplaceNewer: boolean;
  /** Which of the keys that the terminal knows has signed it, 0 to 255. */
  readonly signer: number;
  /** The board it is made for; "": any. */
  readonly board: string;
  readonly version: PackageVersion;
  /** Counts the weaknesses that were mended; a terminal takes none below the one it has. */
  readonly securityVersion: number;
  /** Bytes of content. */
  readonly length: number;
  /** SHA-256 of the content. */
  readonly digest: Uint8Array;
  /** What is signed: the head up to the signature. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Bytes before the signature. */
export const signedLength = 128;
/** Bytes of an RSA signature of 3,072 bits. */
export const signatureLength = 384;
/** Bytes before the content. */
export const headLength = signedLength + signatureLength;
/** Bytes of content that a package may have: as many as a 32-bit count of bytes holds with its head. */
export const longestContent = 0xffffffff - headLength;

const magic = 0x58504b47;
const format = 1;
const boardLength = 24;
/** All kinds, in the order of their numbers. */
export const kindNames = Object.freeze(Object.keys(packageKinds)) as readonly PackageKind[];

/**
 * Reads the head of a package (README.md, "The package"); what is behind it is not looked at. Throws `FormatError` with
 * the field and its offset. Nothing of it may be believed before `problemOf` (package-check.ts) found none.
 */
export function parsePackageHead(bytes: Uint8Array): PackageHead {
  const reader = new ByteReader(bytes);
  expect(reader.integer(4, "magic") === magic, "magic", 0, "XPKG expected");
  expect(reader.byte("format") === format, "format", 4, "1 expected");
  const kind = kindNames[reader.byte("kind") - 1];
  if (kind === undefined) throw new FormatError("kind", 5, "1 to 6 expected");
  const flags = reader.byte("flags");
  expect(flags <= 1, "flags", 6, "unknown flag");
  const signer = reader.byte("signer");
  const board = boardOf(reader.take(boardLength, "board"), kind);
  const version = Object.freeze([
    reader.integer(2, "version"),
    reader.integer(2, "version"),
    reader.integer(2, "version"),
  ] as const);
  blank(reader, 2);
  const securityVersion = reader.integer(4, "security version");
  const length = reader.integer(4, "length");
  expect(length > 0 && length <= longestContent, "length", 44, "no content, or too much");
  const digest = reader.take(32, "digest").slice();
  blank(reader, signedLength - 80);
  const signature = reader.take(signatureLength, "signature").slice();
  return {
    kind,
    mayReplaceNewer: flags === 1,
    signer,
    board,
    version,
    securityVersion,
    length,
    digest,
    signed: bytes.slice(0, signedLength),
    signature,
  };
}

function expect(isSo: boolean, field: string, offset: number, problem: string): void {
  if (!isSo) throw new FormatError(field, offset, problem);
}

/** Small letters, digits and `_`, then zeros; firmware runs on one board only. */
function boardOf(bytes: Uint8Array, kind: PackageKind): string {
  const end = bytes.indexOf(0);
  const length = end < 0 ? bytes.length : end;
  for (const [place, byte] of bytes.entries()) {
    const isGood = place < length ? isBoardCharacter(byte) : byte === 0;
    expect(isGood, "board", 8 + place, "small letters, digits and _ expected, then zeros");
  }
  expect(length > 0 || kind !== "firmware", "board", 8, "firmware is for one board");
  return bytesToAscii(bytes.subarray(0, length));
}

function isBoardCharacter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

function blank(reader: ByteReader, length: number): void {
  const offset = reader.offset;
  const place = reader.take(length, "reserved").findIndex((byte) => byte !== 0);
  expect(place < 0, "reserved", offset + place, "zero expected");
}

/** Below 0: `a` is older; 0: the same; above: newer. */
export function compareVersions(a: PackageVersion, b: PackageVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** "1.2.3" */
export const versionText = (version: PackageVersion): string => version.join(".");
