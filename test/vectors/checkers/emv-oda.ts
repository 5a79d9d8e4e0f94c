/** Holds offline data authentication to published keys, certificates and signatures (kind `emv-oda`). */
import { equal } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseTlv, tagValue } from "../../../firmware/codec/tlv.ts";
import type { RsaPublicKey } from "../../../firmware/crypto/rsa.ts";
import { authorityKeyChecksum } from "../../../firmware/emv/keys.ts";
import {
  type CertificateElements,
  cardLayout,
  issuerLayout,
  type OpenedCertificate,
  openCertificate,
} from "../../../firmware/emv/oda/certificate.ts";
import { recoverCardKey, recoverIssuerKey } from "../../../firmware/emv/oda/chain.ts";
import { verifyCombinedSignature } from "../../../firmware/emv/oda/combined.ts";
import { type DynamicSignature, verifyDynamicSignature } from "../../../firmware/emv/oda/dynamic.ts";
import { isInDate, isSameNumber } from "../../../firmware/emv/oda/holder.ts";
import { type AuthenticationFault, recoverSigned, signedHash } from "../../../firmware/emv/oda/recovery.ts";
import { verifyStaticData } from "../../../firmware/emv/oda/static.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";

/** What a step gave, by the names of the cases; byte strings in hexadecimal. */
type Part = Readonly<Record<string, string | number>>;

/** What the terminal must refuse. */
class Refusal extends Error {}

/** A day on which every certificate is still good, for cases that give none: no year lies before it. */
const beforeAll = Uint8Array.of(0x50, 0x01, 0x01);

/** The steps of each operation, in their order; the names are also those of the parts of `expected`. */
const operations: Readonly<Record<string, readonly (keyof typeof steps)[]>> = {
  issuerKey: ["issuer"],
  iccKey: ["issuer", "icc"],
  ssad: ["issuer", "ssad"],
  sdad: ["issuer", "icc", "sdad"],
  sdaChain: ["issuer", "ssad"],
  ddaChain: ["issuer", "icc", "sdad"],
  cdaChain: ["issuer", "icc", "sdad"],
};

/** The keys that were recovered so far. */
interface Chain {
  issuer?: RsaPublicKey;
  icc?: RsaPublicKey;
}

const steps = {
  issuer: (fields: Fields, chain: Chain): Part => {
    const authority = { modulus: bytes(fields, "caModulus"), exponent: bytes(fields, "caExponent") };
    checkAuthority(fields, authority);
    const elements = elementsOf(fields, "issuerCertificate_90", "issuerRemainder_92", "issuerExponent_9F32");
    chain.issuer = good(recoverIssuerKey(authority, elements, contextOf(fields), () => false));
    const opened = good(openCertificate(authority, elements, issuerLayout));
    return { issuerId: bytesToHex(opened.holder), ...describe(opened) };
  },
  icc: (fields: Fields, chain: Chain): Part => {
    const elements = elementsOf(fields, "iccCertificate_9F46", "iccRemainder_9F48", "iccExponent_9F47");
    const issuer = chain.issuer!;
    const opened = good(openCertificate(issuer, elements, cardLayout));
    const staticData = optionalBytes(fields, "staticData");
    chain.icc = staticData
      ? good(recoverCardKey(issuer, elements, contextOf(fields), staticData))
      : keyWithoutHash(opened, fields);
    return { pan: bytesToHex(opened.holder), ...describe(opened) };
  },
  ssad: (fields: Fields, chain: Chain): Part => {
    const signature = bytes(fields, "ssad_93");
    const staticData = optionalBytes(fields, "staticData");
    const message = good(recoverSigned(chain.issuer!, signature, 0x03, 26));
    const code = staticData ? good(verifyStaticData(chain.issuer!, signature, staticData)) : message.slice(3, 5);
    return {
      hashAlgorithm: message[2]!,
      dataAuthenticationCode: bytesToHex(code),
      hash: bytesToHex(signedHash(message)),
    };
  },
  sdad: (fields: Fields, chain: Chain): Part => {
    const signature = bytes(fields, "sdad_9F4B");
    const terminalData = terminalDataOf(fields);
    const rest = optionalBytes(fields, "generateAcResponseData");
    const sent = optionalBytes(fields, "pdolAndCdolData");
    if (rest !== undefined && sent !== undefined) {
      const information = tagValue(parseTlv(rest), tags.cryptogramInformation)?.[0] ?? -1;
      const exchange = { unpredictableNumber: terminalData, sent: [sent] };
      return describeDynamic(good(verifyCombinedSignature(chain.icc!, { signature, information, rest }, exchange)));
    }
    return describeDynamic(good(verifyDynamicSignature(chain.icc!, signature, terminalData)));
  },
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const operation = text(fields, "op");
  const isRefusal = (error: unknown): boolean => error instanceof Refusal || error instanceof FormatError;
  if (operation === "capkHash") {
    return judge(fields, isRefusal, () => checkHash(fields));
  }
  const names = operations[operation];
  return names === undefined ? `unknown operation ${operation}` : judge(fields, isRefusal, () => run(fields, names));
}

function checkHash(fields: Fields): Verdict {
  const key = { modulus: bytes(fields, "modulus"), exponent: bytes(fields, "exponent") };
  const checksum = authorityKeyChecksum(bytes(fields, "rid"), bytes(fields, "index")[0]!, key);
  if (fields.valid === false && !equal(checksum, bytes(fields, "hash"))) {
    throw new Refusal("hash");
  }
  return compareBytes(fields, "hash", checksum);
}

function run(fields: Fields, names: readonly (keyof typeof steps)[]): Verdict {
  const chain: Chain = {};
  const parts: Record<string, Part> = {};
  for (const name of names) {
    parts[name] = steps[name](fields, chain);
  }
  const last = parts[names[names.length - 1]!]!;
  const expected = "expected" in fields ? asFields(fields.expected) : {};
  return firstOf([
    chain.issuer && compareBytes(fields, "issuerModulus", chain.issuer.modulus),
    chain.icc && compareBytes(fields, "iccModulus", chain.icc.modulus),
    ...Object.entries(expected).map(([name, value]) =>
      typeof value === "object" && value !== null
        ? comparePart(name, asFields(value), parts[name])
        : compareValue(name, value, last),
    ),
  ]);
}

function comparePart(name: string, expected: Fields, part: Part | undefined): Verdict {
  return part === undefined
    ? `no such part: ${name}`
    : firstOf(Object.keys(expected).map((field) => compareValue(field, expected[field], part)));
}

/** Some test sets have names of their own: a value under such a name must be one that was recovered. */
function compareValue(name: string, expected: unknown, part: Part): Verdict {
  const wanted = typeof expected === "string" ? expected.toUpperCase() : expected;
  if (!(name in part)) {
    return Object.values(part).some((value) => value === wanted) ? undefined : `${name}: not recovered`;
  }
  return compareText(name, String(wanted), String(part[name]));
}

function checkAuthority(fields: Fields, authority: RsaPublicKey): void {
  const hash = optionalBytes(fields, "caHash");
  const index = hash && bytes(fields, "caKeyIndex")[0]!;
  if (index !== undefined && !equal(authorityKeyChecksum(bytes(fields, "rid"), index, authority), hash!)) {
    throw new Refusal("authority key");
  }
}

/** What the terminal gave for the signature: with a cryptogram the unpredictable number alone, under either name. */
function terminalDataOf(fields: Fields): Uint8Array {
  const number = optionalBytes(fields, "unpredictableNumber_9F37");
  const listed = optionalBytes(fields, "ddolData");
  if (number !== undefined && listed !== undefined && !equal(number, listed)) {
    throw new Refusal("terminal data");
  }
  return number ?? bytes(fields, "ddolData");
}

/** Where the static data is not published, every field of the certificate counts but its hash. */
function keyWithoutHash(opened: OpenedCertificate, fields: Fields): RsaPublicKey {
  const { pan, date } = contextOf(fields);
  if (!isSameNumber(opened.holder, pan) || !isInDate(opened.expiry, date)) {
    throw new Refusal("card certificate");
  }
  return opened.key;
}

function describe(opened: OpenedCertificate): Part {
  return {
    expiry: bytesToHex(opened.expiry),
    serial: bytesToHex(opened.serial),
    hashAlgorithm: opened.hashAlgorithm,
    keyAlgorithm: opened.keyAlgorithm,
    modulusLength: opened.key.modulus.length,
    exponentLength: opened.exponentLength,
    modulus: bytesToHex(opened.key.modulus),
    exponent: bytesToHex(opened.key.exponent),
    hash: bytesToHex(signedHash(opened.message)),
  };
}

/** The parts behind the dynamic number are there when the signature came with a cryptogram (Book 2, table 19). */
function describeDynamic(signed: DynamicSignature): Part {
  const { dynamicData, dynamicNumber, hashAlgorithm, hash } = signed;
  const start = 1 + dynamicNumber.length;
  return {
    hashAlgorithm,
    dynamicLength: dynamicData.length,
    iccDynamicNumber: bytesToHex(dynamicNumber),
    hash: bytesToHex(hash),
    dynamicData: bytesToHex(dynamicData),
    cid: bytesToHex(dynamicData.slice(start, start + 1)),
    cryptogram: bytesToHex(dynamicData.slice(start + 1, start + 9)),
    transactionDataHash: bytesToHex(dynamicData.slice(start + 9, start + 29)),
  };
}

function elementsOf(fields: Fields, certificate: string, remainder: string, exponent: string): CertificateElements {
  return {
    certificate: bytes(fields, certificate),
    remainder: optionalBytes(fields, remainder) ?? new Uint8Array(0),
    exponent: bytes(fields, exponent),
  };
}

function contextOf(fields: Fields): { readonly pan: Uint8Array; readonly date: Uint8Array } {
  return { pan: bytes(fields, "pan_5A"), date: optionalBytes(fields, "transactionDate") ?? beforeAll };
}

function optionalBytes(fields: Fields, name: string): Uint8Array | undefined {
  const value = fields[name];
  return typeof value === "string" ? hexToBytes(value, name) : undefined;
}

function good<T extends object>(result: T | AuthenticationFault): T {
  if (typeof result === "string") {
    throw new Refusal(result);
  }
  return result;
}
