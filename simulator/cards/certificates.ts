/** Certificates and signatures of offline data authentication (EMV 4.3 Book 2, 5 and 6), made as a personaliser makes them. */
import { createHash } from "node:crypto";
import { concat, fromHex } from "../acquirer/bytes.ts";
import { AUTHORITY_INDEX, type SigningKey, testKeys } from "./keys.ts";

const HEADER = 0x6a;
const TRAILER = 0xbc;
const PADDING = 0xbb;
/** Until the end of 2049, certificate serial number 000001, SHA-1, RSA. */
const VALIDITY = "1249";
const SERIAL = "000001";
const ALGORITHMS = "0101";

function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    createHash("sha1")
      .update(concat(...parts))
      .digest(),
  );
}

/** Signs `body` with message recovery: header, what fits, hash, trailer; `outside` is hashed but does not fit. */
function signRecoverable(signer: SigningKey, body: Uint8Array, outside: Uint8Array): Uint8Array {
  const hash = sha1(body, outside);
  return signer.sign(concat(Uint8Array.of(HEADER), body, hash, Uint8Array.of(TRAILER)));
}

/** A public key certificate and the part of the modulus that did not fit. */
export interface Certificate {
  readonly certificate: Uint8Array;
  readonly remainder: Uint8Array;
}

function certify(signer: SigningKey, start: Uint8Array, key: SigningKey, alsoHashed: Uint8Array): Certificate {
  const head = concat(
    start,
    fromHex(VALIDITY + SERIAL + ALGORITHMS),
    Uint8Array.of(key.modulus.length, key.exponent.length),
  );
  const room = signer.modulus.length - head.length - 22;
  const fits = key.modulus.slice(0, room);
  const padded = concat(fits, new Uint8Array(room - fits.length).fill(PADDING));
  const remainder = key.modulus.slice(room);
  return {
    certificate: signRecoverable(signer, concat(head, padded), concat(remainder, key.exponent, alsoHashed)),
    remainder,
  };
}

/** The issuer's key signed by the authority: tags 90, 92 (Book 2, 5.3, table 2). */
export function issuerCertificate(pan: string): Certificate {
  const { authority, issuer } = testKeys();
  return certify(authority, concat(Uint8Array.of(0x02), fromHex(`${pan.slice(0, 6)}FF`)), issuer, new Uint8Array(0));
}

/** The card's key signed by the issuer: tags 9F46, 9F48 (Book 2, 6.4, table 10). */
export function cardCertificate(pan: string, staticData: Uint8Array): Certificate {
  const { issuer, card } = testKeys();
  return certify(issuer, concat(Uint8Array.of(0x04), fromHex(pan.padEnd(20, "F"))), card, staticData);
}

/** Signed static application data: tag 93 (Book 2, 5.1, table 3). `authenticationCode` has 2 bytes. */
export function signedStaticData(authenticationCode: Uint8Array, staticData: Uint8Array): Uint8Array {
  const { issuer } = testKeys();
  const padding = new Uint8Array(issuer.modulus.length - 26).fill(PADDING);
  return signRecoverable(issuer, concat(Uint8Array.of(0x03, 0x01), authenticationCode, padding), staticData);
}

/** Signed dynamic application data: tag 9F4B (Book 2, 6.5.1, table 15); `terminalData` is what the DDOL asked for. */
export function signedDynamicData(dynamicNumber: Uint8Array, terminalData: Uint8Array): Uint8Array {
  const { card } = testKeys();
  const data = concat(Uint8Array.of(dynamicNumber.length), dynamicNumber);
  const padding = new Uint8Array(card.modulus.length - data.length - 25).fill(PADDING);
  return signRecoverable(card, concat(Uint8Array.of(0x05, 0x01, data.length), data, padding), terminalData);
}

/** Data elements every signed card carries beside its certificates: index, exponents. */
export function keyElements(): { readonly index: Uint8Array; readonly issuer: Uint8Array; readonly card: Uint8Array } {
  const { issuer, card } = testKeys();
  return { index: Uint8Array.of(AUTHORITY_INDEX), issuer: issuer.exponent, card: card.exponent };
}
