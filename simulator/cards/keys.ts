/** The TEST authority, issuer and card keys of `keys.yml`, and RSA as EMV uses it (EMV 4.3 Book 2, annex B2.1). */
import { constants, createPrivateKey, type KeyObject, privateEncrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A key pair: the modulus and exponent may be shown, signing needs the whole. */
export interface SigningKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
  /** RSA on one block as long as the modulus. */
  sign(block: Uint8Array): Uint8Array;
}

/** Index under which terminals know the test authority, for every scheme's registered identifier. */
export const AUTHORITY_INDEX = 0xe1;

function readKey(jwk: Record<string, string>): SigningKey {
  const key: KeyObject = createPrivateKey({ key: jwk, format: "jwk" });
  return {
    modulus: new Uint8Array(Buffer.from(jwk.n!, "base64url")),
    exponent: new Uint8Array(Buffer.from(jwk.e!, "base64url")),
    sign: (block) => new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block)),
  };
}

let loaded: { authority: SigningKey; issuer: SigningKey; card: SigningKey } | undefined;

/** The three keys, read once. */
export function testKeys(): { authority: SigningKey; issuer: SigningKey; card: SigningKey } {
  if (!loaded) {
    const file: Record<string, Record<string, string>> = parse(
      readFileSync(new URL("keys.yml", import.meta.url), "utf8"),
    );
    loaded = { authority: readKey(file.authority!), issuer: readKey(file.issuer!), card: readKey(file.card!) };
  }
  return loaded;
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
