/** What can be wrong with a card's certificates and signatures, by the requirement that it breaks. */
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { AuthenticationFault } from "../../../firmware/emv/oda/recovery.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type CardChanges, issuer, type KeyChanges, serial, sign, staticData } from "./oda-issuer.ts";

/** A card that a method must refuse. */
export interface Refused {
  /** Section of EMV 4.3 and step. */
  readonly requirement: string;
  readonly what: string;
  readonly fault: AuthenticationFault;
  readonly changes: CardChanges;
  readonly keys: KeyChanges;
}

type Row = readonly [
  requirement: string,
  what: string,
  fault: AuthenticationFault,
  changes: CardChanges,
  keys?: KeyChanges,
];

function refused(rows: readonly Row[]): Refused[] {
  return rows.map(([requirement, what, fault, changes, keys = {}]) => ({ requirement, what, fault, changes, keys }));
}

const without = (tag: number): CardChanges => ({ elements: [[tag, undefined]] });
const replaced = (tag: number, value: string): CardChanges => ({ elements: [[tag, value]] });
const zeros = (count: number): string => "00".repeat(count);
const noHash = new Uint8Array(20);
const signedStatic = (start: string, flaw = {}): CardChanges =>
  replaced(tags.signedStaticData, bytesToHex(sign(issuer, hexToBytes(start), staticData, flaw)));

/** For every method alike. */
const ofIssuer: readonly Row[] = [
  ["Book 3, 7.5", "no authority key index", "missing", without(tags.authorityKeyIndex)],
  ["Book 3, 7.5", "an authority key index of two bytes", "missing", replaced(tags.authorityKeyIndex, "E1E1")],
  ["Book 3, 7.5", "no issuer certificate", "missing", without(tags.issuerCertificate)],
  ["Book 3, 7.5", "no issuer key exponent", "missing", without(tags.issuerKeyExponent)],
  ["Book 3, 7.5", "no issuer key remainder", "missing", without(tags.issuerKeyRemainder)],
  ["Book 2, 5.2", "an unknown authority key", "unknownKey", replaced(tags.authorityKeyIndex, "E2")],
  ["Book 2, 11.2.2", "an authority key that was changed", "unknownKey", {}, { checksum: zeros(20) }],
  ["Book 2, 11.2.4", "an authority key after its last day", "unknownKey", {}, { expiry: "20261122" }],
  ["Book 2, 5.3 step 1", "an empty issuer certificate", "length", replaced(tags.issuerCertificate, "")],
  ["Book 2, 5.3 step 1", "a shorter issuer certificate", "length", replaced(tags.issuerCertificate, zeros(95))],
  ["Book 2, 5.3 step 1", "a longer issuer certificate", "length", replaced(tags.issuerCertificate, zeros(97))],
  ["Book 2, 5.3 step 2", "another trailer of the issuer's", "signature", { issuer: { trailer: 0xbd } }],
  ["Book 2, 5.3 step 2", "an issuer certificate of zeros", "signature", replaced(tags.issuerCertificate, zeros(96))],
  [
    "Book 2, 5.3 step 2",
    "an issuer certificate above the modulus",
    "signature",
    replaced(tags.issuerCertificate, "FF".repeat(96)),
  ],
  ["Book 2, 5.3 step 3", "another header of the issuer's", "signature", { issuer: { header: 0x6b } }],
  ["Book 2, 5.3 step 4", "a card's format in the issuer's", "signature", { issuer: { format: "04" } }],
  ["Book 2, 5.3 step 5", "a short issuer key remainder", "length", replaced(tags.issuerKeyRemainder, "00")],
  ["Book 2, 5.3 step 6", "another hash algorithm of the issuer's", "algorithm", { issuer: { algorithms: "0201" } }],
  ["Book 2, 5.3 step 7", "a wrong hash of the issuer's", "hash", { issuer: { hash: noHash } }],
  ["Book 2, 5.3 step 7", "another issuer key exponent", "hash", replaced(tags.issuerKeyExponent, "05")],
  ["Book 2, 5.3 step 7", "an empty issuer key exponent", "hash", replaced(tags.issuerKeyExponent, "")],
  ["Book 2, 5.3 step 7", "a changed issuer key remainder", "hash", replaced(tags.issuerKeyRemainder, zeros(28))],
  ["Book 2, 5.3 step 8", "another issuer's certificate", "holder", { issuer: { holder: "621235FF" } }],
  ["Book 2, 5.3 step 8", "an issuer of two digits", "holder", { issuer: { holder: "62FFFFFF" } }],
  ["Book 2, 5.3 step 9", "an issuer certificate after its month", "expired", { issuer: { expiry: "1026" } }],
  ["Book 2, 5.3 step 9", "an issuer certificate of no month", "expired", { issuer: { expiry: "1349" } }],
  ["Book 2, 5.3 step 10", "a revoked issuer certificate", "revoked", {}, { revoked: serial }],
  ["Book 2, 5.3 step 11", "another key algorithm of the issuer's", "algorithm", { issuer: { algorithms: "0102" } }],
  ["Book 2, 5.3 step 12", "an issuer key of no length", "length", { issuer: { keyLength: 0 } }],
  ["Book 2, B2.1", "an issuer key above 1984 bits", "length", { issuer: { keyLength: 249 } }],
  ["Book 3, 10.3", "two tags to sign", "staticData", replaced(tags.staticDataTagList, "8282")],
  ["Book 3, 10.3", "another tag to sign than the profile's", "staticData", replaced(tags.staticDataTagList, "5A")],
  ["Book 3, 10.3", "an empty list of tags to sign", "staticData", replaced(tags.staticDataTagList, "")],
];

const ofStaticSignature: readonly Row[] = [
  ["Book 3, 7.5", "no static signature", "missing", without(tags.signedStaticData)],
  ["Book 2, 5.4 step 1", "a short static signature", "length", replaced(tags.signedStaticData, zeros(87))],
  ["Book 2, 5.4 step 1", "a long static signature", "length", replaced(tags.signedStaticData, zeros(89))],
  ["Book 2, 5.4 step 2", "another trailer of the static one", "signature", signedStatic("0301DAC1", { trailer: 0xcc })],
  ["Book 2, 5.4 step 3", "another header of the static one", "signature", signedStatic("0301DAC1", { header: 0x4a })],
  ["Book 2, 5.4 step 4", "a dynamic format in the static one", "signature", signedStatic("0501DAC1")],
  ["Book 2, 5.4 step 6", "another hash algorithm of the static one", "algorithm", signedStatic("0302DAC1")],
  ["Book 2, 5.4 step 7", "a wrong hash of the static one", "hash", signedStatic("0301DAC1", { hash: noHash })],
  ["Book 2, 5.4 step 7", "a changed record", "hash", { record: Uint8Array.of(0x5a, 0x00) }],
  ["Book 2, 5.4 step 5", "no tag list though the profile is signed", "hash", without(tags.staticDataTagList)],
  ["Book 2, 5.4 step 7", "a changed profile", "hash", replaced(tags.applicationInterchangeProfile, "4000")],
];

const ofCard: readonly Row[] = [
  ["Book 3, 7.5", "no card certificate", "missing", without(tags.cardCertificate)],
  ["Book 3, 7.5", "no card key exponent", "missing", without(tags.cardKeyExponent)],
  ["Book 3, 7.5", "no card key remainder", "missing", without(tags.cardKeyRemainder)],
  ["Book 2, 6.4 step 1", "a short card certificate", "length", replaced(tags.cardCertificate, "6A04")],
  ["Book 2, 6.4 step 1", "a long card certificate", "length", replaced(tags.cardCertificate, zeros(89))],
  ["Book 2, 6.4 step 2", "another trailer of the card's", "signature", { card: { trailer: 0x00 } }],
  ["Book 2, 6.4 step 3", "another header of the card's", "signature", { card: { header: 0x7a } }],
  ["Book 2, 6.4 step 4", "an issuer's format in the card's", "signature", { card: { format: "02" } }],
  ["Book 2, 6.4 step 5", "a long card key remainder", "length", replaced(tags.cardKeyRemainder, zeros(99))],
  ["Book 2, 6.4 step 6", "another hash algorithm of the card's", "algorithm", { card: { algorithms: "0001" } }],
  ["Book 2, 6.4 step 7", "a wrong hash of the card's", "hash", { card: { hash: noHash } }],
  ["Book 2, 6.4 step 7", "a changed signed record", "hash", { record: Uint8Array.of(0x5a, 0x00) }],
  ["Book 2, 6.4 step 7", "another card key exponent", "hash", replaced(tags.cardKeyExponent, "03")],
  ["Book 2, 6.4 step 8", "another card's certificate", "holder", { card: { holder: "6212345678901233FFFF" } }],
  ["Book 2, 6.4 step 8", "a longer number's certificate", "holder", { card: { holder: "62123456789012320FFF" } }],
  ["Book 2, 6.4 step 8", "a shorter number's certificate", "holder", { card: { holder: "621234567890123FFFFF" } }],
  ["Book 2, 6.4 step 8", "a certificate for nobody", "holder", { card: { holder: "FFFFFFFFFFFFFFFFFFFF" } }],
  ["Book 2, 6.4 step 9", "a card certificate after its month", "expired", { card: { expiry: "1199" } }],
  ["Book 2, 6.4 step 10", "another key algorithm of the card's", "algorithm", { card: { algorithms: "0100" } }],
  ["Book 2, B2.1", "a card key above 1984 bits", "length", { card: { keyLength: 255 } }],
];

/** What each method must refuse, with the terminal's security capabilities that choose it and its bits of TVR byte 1. */
export const refusedBy = [
  { method: "SDA", capabilities: "E0F880", bits: 0x42, cases: refused([...ofIssuer, ...ofStaticSignature]) },
  { method: "DDA", capabilities: "E0F840", bits: 0x08, cases: refused([...ofIssuer, ...ofCard]) },
  { method: "CDA", capabilities: "E0F808", bits: 0x04, cases: refused([...ofIssuer, ...ofCard]) },
] as const;
