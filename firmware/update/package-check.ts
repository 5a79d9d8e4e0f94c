import { sha256 } from "#native/digest";
import { isSignedPss } from "../crypto/pss.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import {
  compareVersions,
  type PackageHead,
  type PackageKind,
  type PackageVersion,
  signatureLength,
} from "./package.ts";

/** A key whose packages a terminal believes: RSA of 3,072 bits, exponent 3 or 65537. */
export interface PackageKey extends RsaPublicKey {
  readonly signer: number;
  /** What it may sign: who looks after parameters has no say in firmware. */
  readonly kinds: readonly PackageKind[];
}

/** What a terminal is, as far as packages of one kind are concerned. */
export interface PackageRules {
  readonly keys: readonly PackageKey[];
  readonly board: string;
  readonly kind: PackageKind;
  /** What it has now; undefined: nothing of this kind. */
  readonly version: PackageVersion | undefined;
  /** The least that it may take. */
  readonly securityVersion: number;
}

/** Why a terminal does not take a package. */
export type PackageProblem = "kind" | "signer" | "signature" | "board" | "security version" | "version";

/**
 * What is wrong with a package, from its head alone; undefined: nothing. Its signature is judged before anything else is
 * believed, so that a stranger learns nothing from the answer.
 */
export function problemOf(head: PackageHead, rules: PackageRules): PackageProblem | undefined {
  const wrong = genuineProblemOf(head, rules);
  if (wrong !== undefined) return wrong;
  if (head.securityVersion < rules.securityVersion) return "security version";
  const isNewer = rules.version === undefined || compareVersions(head.version, rules.version) > 0;
  return isNewer || head.mayReplaceNewer ? undefined : "version";
}

/** As `problemOf`, whatever its versions: for what the terminal has taken already. */
export function genuineProblemOf(
  head: PackageHead,
  { keys, kind, board }: Omit<PackageRules, "version" | "securityVersion">,
): PackageProblem | undefined {
  const key = keys.find(({ signer, kinds }) => signer === head.signer && kinds.includes(head.kind));
  if (key === undefined || !isStrong(key)) return "signer";
  if (!isSignedPss(key, sha256(head.signed), head.signature)) return "signature";
  if (head.kind !== kind) return "kind";
  return head.board === "" || head.board === board ? undefined : "board";
}

/** 3,072 bits to the last, exponent 3 or 65537. */
function isStrong({ modulus, exponent }: RsaPublicKey): boolean {
  const isLong = modulus.length === signatureLength && modulus[0]! >= 0x80;
  const [first, second, third] = exponent;
  if (exponent.length === 1) return isLong && first === 3;
  return isLong && exponent.length === 3 && first === 1 && second === 0 && third === 1;
}
