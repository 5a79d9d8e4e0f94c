/** The TEST authority and issuer of `keys.yml`, the cards' own keys, and RSA as EMV uses it (EMV 4.3 Book 2, annex B2.1). */
import { constants, createPrivateKey, type KeyObject, privateEncrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { derivedKey } from "./derived-key.ts";

/** A key pair: the modulus and exponent may be shown, what needs the secret half is `apply`. */
export interface KeyPair {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
  /** The secret operation on one block as long as the modulus: signs, or deciphers. */
  apply(block: Uint8Array): Uint8Array;
}

/** Index under which terminals know the test authority, for every scheme's registered identifier. */
export const AUTHORITY_INDEX = 0xe1;

/** Shorter than the issuer's key, as cards' keys are; a multiple of 16 bits. */
const CARD_KEY_BITS = 896;

function pairOf(key: KeyObject): KeyPair {
  const { n = "", e = "" } = key.export({ format: "jwk" });
  return {
    modulus: new Uint8Array(Buffer.from(n, "base64url")),
    exponent: new Uint8Array(Buffer.from(e, "base64url")),
    apply: (block) => new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block)),
  };
}

let loaded: { authority: KeyPair; issuer: KeyPair } | undefined;

/** The authority's and the issuer's key, read once. */
export function testKeys(): { authority: KeyPair; issuer: KeyPair } {
  if (!loaded) {
    const file: Record<string, Record<string, string>> = parse(
      readFileSync(new URL("keys.yml", import.meta.url), "utf8"),
    );
    const read = (name: string) => pairOf(createPrivateKey({ key: file[name]!, format: "jwk" }));
    loaded = { authority: read("authority"), issuer: read("issuer") };
  }
  return loaded;
}

/** What a card's key is for: its signatures, or PINs that are sent to it enciphered. */
export type KeyUse = "signing" | "pin";

/** The own key of one application on one card, by the application's name. */
export function ownKey(name: string, use: KeyUse, exponent: 3 | 65537): KeyPair {
  return pairOf(derivedKey(`xspos test card ${name}/${use}`, CARD_KEY_BITS, exponent));
}

/** What a terminal needs to know of the test authority: one entry for each scheme's registered identifier. */
export interface AuthorityKey {
  readonly registeredIdentifier: string;
  readonly index: number;
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

const REGISTERED_IDENTIFIERS = ["A000000333", "A000000003", "A000000004"];

/** The authority's public key as terminals load it. */
export function authorityKeys(): AuthorityKey[] {
  const { modulus, exponent } = testKeys().authority;
  return REGISTERED_IDENTIFIERS.map((registeredIdentifier) => ({
    registeredIdentifier,
    index: AUTHORITY_INDEX,
    modulus,
    exponent,
  }));
}
