/** Signed packages and their keys that tests of updates share (make-packages.ts has made them). */
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import type { PackageKey } from "../../../firmware/update/package-check.ts";
import fixture from "./packages.json" with { type: "json" };

export type PackageName = keyof typeof fixture.heads;

export const packageNames = Object.keys(fixture.heads) as readonly PackageName[];

function keyOf(name: keyof typeof fixture.keys, signer: number, kinds: PackageKey["kinds"]): PackageKey {
  const { modulus, exponent } = fixture.keys[name];
  return { signer, kinds, modulus: hexToBytes(modulus), exponent: hexToBytes(exponent) };
}

/** The maker's signs firmware, fonts and messages (exponent 3), the acquirer's the rest (exponent 65537). */
export const packageKeys: readonly PackageKey[] = [
  keyOf("maker", 0, ["firmware", "fonts", "messages"]),
  keyOf("acquirer", 1, ["parameters", "applications", "caKeys"]),
];

export function headOf(name: PackageName): Uint8Array {
  return hexToBytes(fixture.heads[name]);
}
