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

/** How long the keys of a card and of those above it are: the usual ones, quick to test with, or as long as cards have them. */
export type KeyLengths = "usual" | "long";

/** Shorter than the issuer's key, as cards' keys are; multiples of 16 bits. */
const CARD_KEY_BITS: Readonly<Record<KeyLengths, number>> = { usual: 896, long: 1152 };
/** Of the longest authority's key that EMV allows, and of an issuer's below it. */
const LONG_AUTHORITY_BITS = 1984;
const LONG_ISSUER_BITS = 1408;

/** Indices of the authorities with a long key, by their exponent; no terminal knows them that is not told. */
const LONG_INDICES = { 3: 0xe3, 65537: 0xe5 } as const;

/** A public exponent. */
export type Exponent = keyof typeof LONG_INDICES;

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
function testKeys(): { authority: KeyPair; issuer: KeyPair } {
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
export function ownKey(name: string, use: KeyUse, lengths: KeyLengths, exponent: Exponent): KeyPair {
  return pairOf(derivedKey(`xspos test card ${name}/${use}`, CARD_KEY_BITS[lengths], exponent));
}

/** Who stands above a card's own keys, and under which index terminals know the first of them. */
export interface KeyChain {
  readonly index: number;
  readonly authority: KeyPair;
  readonly issuer: KeyPair;
}

/** The chain above a card: the usual keys have exponent 3, of the long ones there is a chain for each exponent. */
export function chainAbove(lengths: KeyLengths, exponent: Exponent): KeyChain {
  if (lengths === "usual") return { index: AUTHORITY_INDEX, ...testKeys() };
  return {
    index: LONG_INDICES[exponent],
    authority: pairOf(derivedKey("xspos long test authority", LONG_AUTHORITY_BITS, exponent)),
    issuer: pairOf(derivedKey("xspos long test issuer", LONG_ISSUER_BITS, exponent)),
  };
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
  return REGISTERED_IDENTIFIERS.map((registeredIdentifier) => authorityKey("usual", 3, registeredIdentifier));
}

/** The public key of the authority above some cards, as terminals load it for a scheme's registered identifier. */
export function authorityKey(lengths: KeyLengths, exponent: Exponent, registeredIdentifier: string): AuthorityKey {
  const { index, authority } = chainAbove(lengths, exponent);
  return { registeredIdentifier, index, modulus: authority.modulus, exponent: authority.exponent };
}
