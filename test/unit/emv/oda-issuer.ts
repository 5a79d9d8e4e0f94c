/** An authority, an issuer and a card that sign, for the tests of offline data authentication. */
import { sha1 } from "#native/digest";
import { concat } from "../../../firmware/codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { encodeTlv } from "../../../firmware/codec/tlv.ts";
import type { RsaPublicKey } from "../../../firmware/crypto/rsa.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { AuthorityKeys, authorityKeyChecksum } from "../../../firmware/emv/keys.ts";
import { tags } from "../../../firmware/emv/tags.ts";

/** A pair of short keys, made for these tests: modulus, exponent, secret exponent. */
export interface TestKey extends RsaPublicKey {
  readonly secret: bigint;
}

function key(modulus: string, exponent: string, secret: string): TestKey {
  return { modulus: hexToBytes(modulus), exponent: hexToBytes(exponent), secret: BigInt(`0x${secret}`) };
}

/** 768, 704, 640 and 640 bits. */
export const authority = key(
  "A31004ECB2B36D57DA3FADDF23FA85BE61C88F08CA422D09C7C1181941178A124F55D9871950749173187F23305B20175DA3B0CFFC36ADE6128CC90905C41C174D5AD2C6C0E0891EDE7DBE4A740942B108859F4AEAF7004676369807B4F79485",
  "03",
  "6CB5589DCC779E3A917FC93F6D51AE7EEBDB0A05DC2C1E06852B65662B6506B6DF8E9104BB8AF860F765AA1775921563D88C8532EF60BE21BBDFB71FFE8F4B74F49271A85EA3A2BA800CC8DABEA7D516A0B6EA9601370AACA1672E66CC2C7633",
);
export const issuer = key(
  "B2F1A8EC43D8AE8AC9C59480519554FC452089415142CF6F7FD0A9410889CDA5348CBB69B68853C977B387BD0205A9E03BC809516FFE7E5B10B5AED925181EF54431884F2B51735D7CD981C3F62714EC798CBD2F8B48F3C5",
  "03",
  "774BC5F2D7E5C9B1DBD90DAAE10E38A82E15B0D6362C8A4A5535C62B5B068918CDB3279BCF058D30FA77AFD239422525219463756B70AD97915BE88FC92797921194E2FF85F1AEE951503AE75AD184F3134F5C5666572173",
);
export const card = key(
  "DB6DB11A794DD973BC71A1C2BAB65EE037A11C2A69963CE2797CAB2C37EAA41C1443DD77D872F2445FF5EAC002E2C7CB86FB6C92AFDC8589D11A73E61E204F1FDD8CF8050321EC62530F86D4A9CB26E1",
  "010001",
  "B1C7DBD7E1344BDC536F9569DA30EC09A9C8A4B3503CE33372CEA938F84CE98DBE7585B815EC7B8F9DE42423EC106F1B209642F1B8FAFE30E9FC5EFA8D7BB4D2A251BC448ACC2965BE1471DC1CDB5949",
);
export const pinKey = key(
  "AA87D67A63425DB6B73F7FF18BE0E23F1BB33799C8088C84DB285E175A44CE8C10668F8D89226C4E6A9E9AB19BA06DBE94BD1C3C181C2DD74837239D52D456133CC25D5BBC8E8442F3A2DA449E124EA1",
  "03",
  "71AFE451978193CF24D4FFF65D4096D4BD2225113005B3033CC5940F9183345D60445FB3B0C19D8885470AD3F1C36192300496747B9F4DCB9693774BD6B605C4E1FD55EEC9F88183AD2800008EF41F03",
);

/** The secret operation: square and multiply. */
function apply(signer: TestKey, block: Uint8Array): Uint8Array {
  const modulus = BigInt(`0x${bytesToHex(signer.modulus)}`);
  let base = BigInt(`0x${bytesToHex(block)}`) % modulus;
  let result = 1n;
  for (let rest = signer.secret; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      result = (result * base) % modulus;
    }
    base = (base * base) % modulus;
  }
  return hexToBytes(result.toString(16).padStart(2 * signer.modulus.length, "0"));
}

/** What a signature may have wrong. */
export interface Flaw {
  readonly header?: number;
  readonly trailer?: number;
  readonly hash?: Uint8Array;
}

/** Signs a body as long as the key allows, hashed together with what lies outside (EMV 4.3 Book 2, annex A2.1). */
export function sign(signer: TestKey, body: Uint8Array, outside: Uint8Array, flaw: Flaw = {}): Uint8Array {
  const filled = new Uint8Array(signer.modulus.length - 22).fill(0xbb);
  filled.set(body);
  const hash = flaw.hash ?? sha1(concat([filled, outside]));
  return apply(signer, concat([Uint8Array.of(flaw.header ?? 0x6a), filled, hash, Uint8Array.of(flaw.trailer ?? 0xbc)]));
}

/** What a certificate says, where it differs from a good one; texts in hexadecimal. */
export interface CertificateChanges extends Flaw {
  readonly format?: string;
  readonly holder?: string;
  /** MMYY. */
  readonly expiry?: string;
  readonly algorithms?: string;
  readonly keyLength?: number;
  readonly staticData?: Uint8Array;
}

export const serial = "00A1B2";

/** A certificate and its remainder. */
export function certify(
  signer: TestKey,
  subject: TestKey,
  defaults: { readonly format: string; readonly holder: string },
  changes: CertificateChanges = {},
): { readonly certificate: Uint8Array; readonly remainder: Uint8Array } {
  const length = changes.keyLength ?? subject.modulus.length;
  const head = hexToBytes(
    `${changes.format ?? defaults.format}${changes.holder ?? defaults.holder}${changes.expiry ?? "1249"}${serial}` +
      `${changes.algorithms ?? "0101"}${bytesToHex(Uint8Array.of(length, subject.exponent.length))}`,
  );
  const room = signer.modulus.length - 22 - head.length;
  const remainder = subject.modulus.slice(room);
  const outside = concat([remainder, subject.exponent, changes.staticData ?? new Uint8Array(0)]);
  return {
    certificate: sign(signer, concat([head, subject.modulus.subarray(0, room)]), outside, changes),
    remainder,
  };
}

export const rid = "A000000333";
export const index = "E1";
const pan = "6212345678901232";
/** One signed record, and its card's profile. */
export const record = hexToBytes(`5A08${pan}5F24034912315F340101`);
export const profile = hexToBytes("6100");
export const staticData = concat([record, profile]);

/** What a card of the test differs in. */
export interface CardChanges {
  readonly issuer?: CertificateChanges;
  readonly card?: CertificateChanges;
  readonly pin?: CertificateChanges;
  /** Elements to replace; undefined removes one. */
  readonly elements?: readonly (readonly [tag: number, value: string | undefined])[];
  readonly capabilities?: string;
  readonly record?: Uint8Array;
  readonly date?: string;
}

/** The session of a card whose records are read. */
export function sessionOf(changes: CardChanges = {}): SessionData {
  const data = new SessionData([
    [tags.transactionDate, hexToBytes(changes.date ?? "261123")],
    [tags.terminalCapabilities, hexToBytes(changes.capabilities ?? "E0F8C8")],
    [tags.unpredictableNumber, hexToBytes("0BADCAFE")],
    [tags.terminalApplicationIdentifier, hexToBytes(`${rid}010102`)],
  ]);
  const issuerPart = certify(authority, issuer, { format: "02", holder: "621234FF" }, changes.issuer);
  const cardHolder = { format: "04", holder: `${pan}FFFF` };
  const cardPart = certify(issuer, card, cardHolder, { staticData, ...changes.card });
  const pinPart = certify(issuer, pinKey, cardHolder, changes.pin);
  const elements: [number, Uint8Array][] = [
    [tags.primaryAccountNumber, hexToBytes(pan)],
    [tags.applicationInterchangeProfile, profile],
    [tags.staticDataTagList, Uint8Array.of(0x82)],
    [tags.authorityKeyIndex, hexToBytes(index)],
    [tags.issuerCertificate, issuerPart.certificate],
    [tags.issuerKeyRemainder, issuerPart.remainder],
    [tags.issuerKeyExponent, issuer.exponent],
    [tags.signedStaticData, sign(issuer, hexToBytes("0301DAC1"), staticData)],
    [tags.cardCertificate, cardPart.certificate],
    [tags.cardKeyRemainder, cardPart.remainder],
    [tags.cardKeyExponent, card.exponent],
    [tags.pinKeyCertificate, pinPart.certificate],
    [tags.pinKeyRemainder, pinPart.remainder],
    [tags.pinKeyExponent, pinKey.exponent],
  ];
  const replaced = changes.elements ?? [];
  for (const [tag, value] of elements) {
    if (!replaced.some(([other]) => other === tag)) {
      data.setFromCard(tag, value);
    }
  }
  for (const [tag, value] of replaced) {
    if (value !== undefined) {
      data.setFromCard(tag, hexToBytes(value));
    }
  }
  data.addStaticData((changes.record ?? record).slice());
  return data;
}

/** What is other about the authority's key in the terminal. */
export interface KeyChanges {
  readonly expiry?: string;
  readonly checksum?: string;
  /** Serial number of a revoked certificate. */
  readonly revoked?: string;
}

/** The terminal's keys: the test's authority alone. */
export function keysOf(changes: KeyChanges = {}): AuthorityKeys {
  const checksum = bytesToHex(authorityKeyChecksum(hexToBytes(rid), hexToBytes(index)[0]!, authority));
  const one = {
    rid,
    index,
    modulus: bytesToHex(authority.modulus),
    exponent: bytesToHex(authority.exponent),
    expiry: changes.expiry ?? "20491231",
    checksum: changes.checksum ?? checksum,
  };
  return new AuthorityKeys(
    [{ ...one, index: "01" }, one],
    changes.revoked === undefined ? [] : [{ rid, index, serial: changes.revoked }],
  );
}

/** A dynamic signature over what the terminal sent: format, algorithm, length, dynamic data. */
export function signDynamic(
  dynamicData: string,
  terminalData: string,
  changes: Flaw & { readonly start?: string } = {},
) {
  const length = bytesToHex(Uint8Array.of(dynamicData.length / 2));
  const body = hexToBytes(`${changes.start ?? `0501${length}`}${dynamicData}`);
  return sign(card, body, hexToBytes(terminalData), changes);
}

/** An answer to GENERATE AC with a combined signature: elements in the order given, the signature second. */
export function signedAnswer(
  sent: string,
  changes: { readonly information?: number; readonly signedInformation?: number; readonly more?: string } = {},
): Uint8Array {
  const information = changes.information ?? 0x80;
  const rest = [
    { tag: tags.cryptogramInformation, value: Uint8Array.of(information) },
    { tag: tags.transactionCounter, value: hexToBytes("0041") },
    { tag: tags.issuerApplicationData, value: hexToBytes("07010103A00000") },
  ];
  const hash = sha1(concat([hexToBytes(sent), encodeTlv(rest)]));
  const signed = bytesToHex(Uint8Array.of(changes.signedInformation ?? information));
  const signature = signDynamic(
    `081122334455667788${signed}A1A2A3A4A5A6A7A8${bytesToHex(hash)}${changes.more ?? ""}`,
    "0BADCAFE",
  );
  const [first, ...others] = rest;
  return encodeTlv([
    { tag: tags.responseFormat2, children: [first!, { tag: tags.signedDynamicData, value: signature }, ...others] },
  ]);
}
