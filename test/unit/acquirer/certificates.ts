/** Certificates and deny lists that tests of the link share (make-certificates.ts has made them). */
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import fixture from "./certificates.json" with { type: "json" };

export type ChainName = keyof typeof fixture.chains;
export type DenyListName = keyof typeof fixture.denyLists;

export const serverName = "acquirer.xspos.test";
/** Beijing's morning of 2026-11-23. */
export const today = Date.UTC(2026, 10, 23, 1);
export const chainNames = Object.keys(fixture.chains) as readonly ChainName[];
export const denyKey = fixture.denyKey;
export const denyListNames = Object.keys(fixture.denyLists) as readonly DenyListName[];

export function chain(name: ChainName): Uint8Array[] {
  return fixture.chains[name].map((der) => hexToBytes(der));
}

export function authority(name: keyof typeof fixture.authorities = "ours"): Uint8Array {
  return hexToBytes(fixture.authorities[name]);
}

export function denyList(name: DenyListName): { readonly list: Uint8Array; readonly signature: Uint8Array } {
  const { list, signature } = fixture.denyLists[name];
  return { list: hexToBytes(list), signature: hexToBytes(signature) };
}

export const denyRsaKey = { modulus: hexToBytes(denyKey.modulus), exponent: hexToBytes(denyKey.exponent) };
