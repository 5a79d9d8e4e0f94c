import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { toCbor } from "../acquirer/private-cbor.ts";
import { firmwareImage, type ProgramDescription } from "../runtime/slots/program.ts";
import { type FontName, fontFor } from "./font.ts";
import { type PackageDescription, signPackage } from "./sign-package.ts";

/** Who signs: the maker what runs, the acquirer what the terminal is told. TEST keys, for everybody to know. */
export type SignerName = "maker" | "acquirer";
const SIGNERS: Readonly<Record<SignerName, number>> = { maker: 0, acquirer: 1 };
const USUAL: Readonly<Record<PackageDescription["kind"], SignerName>> = {
  firmware: "maker",
  parameters: "acquirer",
  applications: "acquirer",
  caKeys: "acquirer",
  fonts: "maker",
  messages: "maker",
};
export const PACKAGE_KINDS = Object.keys(USUAL) as readonly PackageDescription["kind"][];

/** What a package is to be, right or wrong on purpose. */
export interface PackageWish {
  readonly kind: PackageDescription["kind"];
  /** "1.2.3" */
  readonly version: string;
  /** 1 where it is not said. */
  readonly securityVersion?: number;
  /** p1 where it is not said; of what any board takes "". */
  readonly board?: string;
  /** Whose key signs it; the head says who should have. */
  readonly signedBy?: SignerName;
  readonly mayReplaceNewer?: boolean;
  /** Of firmware: what it does. */
  readonly entry?: ProgramDescription["entry"];
  /** Of fonts: which one. */
  readonly font?: FontName;
  /** What is in it, where it is neither: bytes, or what CBOR is made of. */
  readonly content?: Uint8Array | object;
  /** One bit is other than it was signed. */
  readonly spoilt?: boolean;
}

/** A package as its maker or acquirer would hand it to the host. Throws `RangeError` for one that cannot be. */
export function makePackage(wish: PackageWish): Buffer {
  const { kind, version, securityVersion = 1, mayReplaceNewer = false, spoilt = false } = wish;
  const { board = kind === "firmware" ? "p1" : "", signedBy = USUAL[kind] } = wish;
  const signer = SIGNERS[USUAL[kind]];
  const bytes = signPackage(
    { kind, board, version, securityVersion, signer, mayReplaceNewer },
    contentOf(wish, securityVersion),
    keyOf(signedBy),
  );
  if (spoilt) bytes[bytes.length - 1]! ^= 1;
  return bytes;
}

function contentOf({ kind, version, entry, font, content }: PackageWish, securityVersion: number): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (kind === "firmware")
    return firmwareImage({ version, securityVersion, ...(entry === undefined ? {} : { entry }) });
  if (font !== undefined) return fontFor(font);
  if (content === undefined) throw new RangeError(`what is in a package of ${kind} has to be said`);
  return toCbor(content);
}

function keyOf(name: SignerName): KeyObject {
  return createPrivateKey(readFileSync(new URL(`keys/test-${name}.pem`, import.meta.url)));
}
