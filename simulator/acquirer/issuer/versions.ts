/** What each scheme's cryptogram version does: keys, input, padding, answer, scripts. One row a version. */
import { concat, fromHex } from "../bytes.ts";
import {
  applicationCryptogram,
  arpcMethod1,
  arpcMethod2,
  cryptogramInput,
  type IssuerDataPart,
  issuerDataPart,
  type Padding,
} from "./cryptogram.ts";
import {
  cardMasterKeyA,
  cardMasterKeyB,
  commonSessionKey,
  commonSessionKeyByAtc,
  unionpaySessionKey,
  visaMessagingKey,
} from "./keys.ts";

/** Names of the versions in use; the number is the one in the issuer application data. */
export type VersionName = "unionpay01" | "visa10" | "visa18" | "mastercard20";

/** Finds a data element of the transaction by tag. */
export type Elements = (tag: string) => Uint8Array | undefined;

/** A card's three keys: application cryptogram, script integrity, script confidentiality. */
export interface CardKeys {
  readonly cryptogram: Uint8Array;
  readonly integrity: Uint8Array;
  readonly confidentiality: Uint8Array;
}

interface Version {
  readonly number: number;
  readonly masterKey: typeof cardMasterKeyA;
  readonly sessionKey: (cardKey: Uint8Array, atc: Uint8Array) => Uint8Array;
  readonly messagingKey: (cardKey: Uint8Array, atc: Uint8Array, arqc: Uint8Array) => Uint8Array;
  readonly padding: Padding;
  readonly part: IssuerDataPart;
  readonly arpc: 1 | 2;
}

const versions: Record<VersionName, Version> = {
  unionpay01: {
    number: 0x01,
    masterKey: cardMasterKeyA,
    sessionKey: unionpaySessionKey,
    messagingKey: unionpaySessionKey,
    padding: 2,
    part: "cvr",
    arpc: 1,
  },
  visa10: {
    number: 0x0a,
    masterKey: cardMasterKeyA,
    sessionKey: (cardKey) => cardKey,
    messagingKey: visaMessagingKey,
    padding: 1,
    part: "cvr",
    arpc: 1,
  },
  visa18: {
    number: 0x12,
    masterKey: cardMasterKeyB,
    sessionKey: commonSessionKeyByAtc,
    messagingKey: visaMessagingKey,
    padding: 2,
    part: "all",
    arpc: 2,
  },
  mastercard20: {
    number: 0x14,
    masterKey: cardMasterKeyA,
    sessionKey: commonSessionKeyByAtc,
    messagingKey: (cardKey, _atc, arqc) => commonSessionKey(cardKey, arqc),
    padding: 2,
    part: "cvr",
    arpc: 1,
  },
};

/** TEST master keys of the simulated issuer, in clear because they guard nothing. */
const testMasterKeys = {
  cryptogram: "2315208C9110AD402315208C9110AD40",
  integrity: "7C4F3B0E1D2A598680B3C1D9E6F72A45",
  confidentiality: "9E1602AB54CD3798B5A1670243DF8CE9",
} as const;

const derived = new Map<string, CardKeys>();

/** The keys that personalisation put into a card, derived once; `sequence` is the two-digit PAN sequence number. */
export function cardKeys(name: VersionName, pan: string, sequence: string): CardKeys {
  const card = `${name}/${pan}/${sequence}`;
  const known = derived.get(card);
  if (known) return known;
  const derive = (key: string) => versions[name].masterKey(fromHex(key), pan, sequence);
  const keys = {
    cryptogram: derive(testMasterKeys.cryptogram),
    integrity: derive(testMasterKeys.integrity),
    confidentiality: derive(testMasterKeys.confidentiality),
  };
  derived.set(card, keys);
  return keys;
}

function need(elements: Elements, tag: string): Uint8Array {
  const value = elements(tag);
  if (!value) throw new RangeError(`data element ${tag} is missing`);
  return value;
}

/** ARQC, TC or AAC over the transaction's elements, among them 9F36, 82 and 9F10. */
export function transactionCryptogram(name: VersionName, keys: CardKeys, elements: Elements): Uint8Array {
  const version = versions[name];
  const key = version.sessionKey(keys.cryptogram, need(elements, "9F36"));
  const input = cryptogramInput(elements, issuerDataPart(need(elements, "9F10"), version.part));
  return applicationCryptogram(key, input, version.padding);
}

/** The answer an issuer gives to an ARQC: issuer authentication data, tag 91, of 8 or 10 bytes. */
export function issuerAuthentication(
  name: VersionName,
  keys: CardKeys,
  transaction: { readonly atc: Uint8Array; readonly arqc: Uint8Array },
  responseCode: Uint8Array,
): Uint8Array {
  const version = versions[name];
  const key = version.sessionKey(keys.cryptogram, transaction.atc);
  if (version.arpc === 1) return concat(arpcMethod1(key, transaction.arqc, responseCode), responseCode);
  const approved = responseCode[0] === 0x30 && responseCode[1] === 0x30;
  const cardStatusUpdate = Uint8Array.of(0x00, approved ? 0x82 : 0x00, 0x00, 0x00);
  return concat(arpcMethod2(key, transaction.arqc, cardStatusUpdate, new Uint8Array(0)), cardStatusUpdate);
}

/** The card's side: true when this issuer authentication data answers the ARQC. */
export function isIssuerAuthentic(
  name: VersionName,
  keys: CardKeys,
  transaction: { readonly atc: Uint8Array; readonly arqc: Uint8Array },
  data: Uint8Array,
): boolean {
  const version = versions[name];
  const key = version.sessionKey(keys.cryptogram, transaction.atc);
  const length = version.arpc === 1 ? 8 : 4;
  if (data.length < length + (version.arpc === 1 ? 2 : 4)) return false;
  const rest = data.slice(length);
  const expected =
    version.arpc === 1
      ? arpcMethod1(key, transaction.arqc, rest.slice(0, 2))
      : arpcMethod2(key, transaction.arqc, rest.slice(0, 4), rest.slice(4));
  return expected.every((byte, index) => byte === data[index]);
}

/** The session keys of script commands for one transaction. */
export function messagingKeys(
  name: VersionName,
  keys: CardKeys,
  transaction: { readonly atc: Uint8Array; readonly arqc: Uint8Array },
): { readonly integrity: Uint8Array; readonly confidentiality: Uint8Array } {
  const derive = versions[name].messagingKey;
  return {
    integrity: derive(keys.integrity, transaction.atc, transaction.arqc),
    confidentiality: derive(keys.confidentiality, transaction.atc, transaction.arqc),
  };
}

/**
 * Issuer application data (9F10) with the card's results. `results` has 3 bytes: UnionPay and Visa put a length in front,
 * Mastercard fills up to six and adds a code and counters.
 */
export function issuerApplicationData(name: VersionName, results: Uint8Array): Uint8Array {
  const { number } = versions[name];
  if (name === "mastercard20") {
    return concat(Uint8Array.of(0x01, number), results, new Uint8Array(3), new Uint8Array(2), new Uint8Array(8));
  }
  if (name === "unionpay01") return concat(Uint8Array.of(0x07, 0x01, number, 0x03), results, Uint8Array.of(0x01));
  return concat(Uint8Array.of(0x06, 0x01, number, 0x03), results);
}
