import type { SecureStorage } from "../../hal/io.ts";
import { viewOf } from "../flash/words.ts";
import type { PackageHead, PackageKind, PackageVersion } from "./package.ts";
import type { PackageRules } from "./package-check.ts";
import { packageKeys } from "./package-keys.ts";
import { thisBuild } from "./this-build.ts";

/** What a terminal has of one kind; a terminal that never took a package of it has version undefined. */
export interface InForce {
  readonly version: PackageVersion | undefined;
  readonly securityVersion: number;
}

/** Where secure storage has what was taken last of a kind: major, minor, patch (16 bits), security version (32), big-endian. */
const nameOf = (kind: PackageKind): string => `${kind}Package`;
const length = 10;

/** Firmware knows its own version; what it once was may have been safer. */
export function inForce(secure: Pick<SecureStorage, "read">, kind: PackageKind): InForce {
  const bytes = secure.read(nameOf(kind));
  const noted = bytes?.length === length ? viewOf(bytes) : undefined;
  const least = noted?.getUint32(6) ?? 0;
  if (kind === "firmware") {
    return { version: thisBuild.version, securityVersion: Math.max(least, thisBuild.securityVersion) };
  }
  if (noted === undefined) return { version: undefined, securityVersion: 0 };
  return { version: [noted.getUint16(0), noted.getUint16(2), noted.getUint16(4)], securityVersion: least };
}

/** Notes what is in force from now on, where that is something new. Its security version never goes back. */
export function noteInForce(
  secure: Pick<SecureStorage, "read" | "write">,
  { kind, version, securityVersion }: Pick<PackageHead, "kind" | "version" | "securityVersion">,
): void {
  const bytes = new Uint8Array(length);
  for (const [place, number] of version.entries()) viewOf(bytes).setUint16(2 * place, number);
  viewOf(bytes).setUint32(6, Math.max(securityVersion, inForce(secure, kind).securityVersion));
  const before = secure.read(nameOf(kind));
  if (before === undefined || before.some((byte, place) => byte !== bytes[place])) secure.write(nameOf(kind), bytes);
}

/** What this terminal takes of a kind. */
export function rulesOf(secure: Pick<SecureStorage, "read">, board: string, kind: PackageKind): PackageRules {
  return { keys: packageKeys(), board, kind, ...inForce(secure, kind) };
}
