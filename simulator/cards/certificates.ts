/** Certificates and signatures of offline data authentication (EMV 4.3 Book 2, 5 to 7), made as a personaliser and a card make them. */
import { createHash } from "node:crypto";
import { concat, fromHex } from "../acquirer/bytes.ts";
import type { CertificateFlaw } from "./behaviour.ts";
import type { KeyChain, KeyPair } from "./keys.ts";

const HEADER = 0x6a;
const TRAILER = 0xbc;
const PADDING = 0xbb;
/** MMYY: until the end of 2049, and of 2024. */
const VALID = "1249";
const EXPIRED = "1224";
/** Certificate serial number 000001, SHA-1, RSA. */
const SERIAL = "000001";
const ALGORITHMS = "0101";

/** SHA-1 over all parts. */
export function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    createHash("sha1")
      .update(concat(...parts))
      .digest(),
  );
}

/** Signs `body` with message recovery: header, what fits, hash, trailer; `outside` is hashed but does not fit. */
function signRecoverable(signer: KeyPair, body: Uint8Array, outside: Uint8Array, wrongHash = false): Uint8Array {
  const hash = sha1(body, outside);
  if (wrongHash) hash[0]! ^= 0xff;
  return signer.apply(concat(Uint8Array.of(HEADER), body, hash, Uint8Array.of(TRAILER)));
}

function padded(data: Uint8Array, length: number): Uint8Array {
  return concat(data, new Uint8Array(length - data.length).fill(PADDING));
}

/** A public key certificate and the part of the modulus that did not fit. */
export interface Certificate {
  readonly certificate: Uint8Array;
  readonly remainder: Uint8Array;
}

interface CertificatePlan {
  readonly signer: KeyPair;
  readonly key: KeyPair;
  /** Format and whose key it is. */
  readonly start: Uint8Array;
  /** Hashed after the key. */
  readonly staticData: Uint8Array;
  readonly validity: string;
  readonly wrongHash: boolean;
}

function certify({ signer, key, start, staticData, validity, wrongHash }: CertificatePlan): Certificate {
  const head = concat(
    start,
    fromHex(validity + SERIAL + ALGORITHMS),
    Uint8Array.of(key.modulus.length, key.exponent.length),
  );
  const room = signer.modulus.length - head.length - 22;
  const remainder = key.modulus.slice(room);
  const body = concat(head, padded(key.modulus.slice(0, room), room));
  const outside = concat(remainder, key.exponent, staticData);
  return { certificate: signRecoverable(signer, body, outside, wrongHash), remainder };
}

/** The issuer's key signed by the authority: tags 90, 92 (Book 2, 5.3, table 2). */
export function issuerCertificate(
  { authority, issuer }: KeyChain,
  pan: string,
  flaw: CertificateFlaw | undefined,
): Certificate {
  return certify({
    signer: authority,
    key: issuer,
    start: concat(Uint8Array.of(0x02), fromHex(`${pan.slice(0, 6)}FF`)),
    staticData: new Uint8Array(0),
    validity: flaw === "expiredIssuer" ? EXPIRED : VALID,
    wrongHash: flaw === "wrongIssuerHash",
  });
}

/** A card's signing key signed by the issuer: tags 9F46, 9F48 (Book 2, 6.4, table 10). */
export function cardCertificate(
  { issuer }: KeyChain,
  pan: string,
  key: KeyPair,
  staticData: Uint8Array,
  flaw: CertificateFlaw | undefined,
): Certificate {
  const number = flaw === "otherNumber" ? [...pan].reverse().join("") : pan;
  return certify({
    signer: issuer,
    key,
    start: concat(Uint8Array.of(0x04), fromHex(number.padEnd(20, "F"))),
    staticData,
    validity: flaw === "expiredCard" ? EXPIRED : VALID,
    wrongHash: flaw === "wrongCardHash",
  });
}

/** A card's key for enciphered PINs signed by the issuer: tags 9F2D, 9F2F (Book 2, 7.1, table 23); no data is signed with it. */
export function pinKeyCertificate(chain: KeyChain, pan: string, key: KeyPair): Certificate {
  return cardCertificate(chain, pan, key, new Uint8Array(0), undefined);
}

/** Signed static application data: tag 93 (Book 2, 5.1, table 3). `authenticationCode` has 2 bytes. */
export function signedStaticData(
  { issuer }: KeyChain,
  authenticationCode: Uint8Array,
  staticData: Uint8Array,
): Uint8Array {
  const body = padded(concat(Uint8Array.of(0x03, 0x01), authenticationCode), issuer.modulus.length - 22);
  return signRecoverable(issuer, body, staticData);
}

/**
 * Signed dynamic application data: tag 9F4B (Book 2, 6.5.1, table 15; for a cryptogram 6.6.1, table 18).
 * @param dynamicData what the card puts in, from the dynamic number's length on
 * @param terminalData hashed behind it
 */
export function signedDynamicData(key: KeyPair, dynamicData: Uint8Array, terminalData: Uint8Array): Uint8Array {
  const head = concat(Uint8Array.of(0x05, 0x01, dynamicData.length), dynamicData);
  return signRecoverable(key, padded(head, key.modulus.length - 22), terminalData);
}

/** A value with its length byte in front. */
export function withLength(value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(value.length), value);
}
