import { DerReader, type DerValue, derTag } from "../codec/der.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex } from "../codec/hex.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { type Extensions, readExtensions } from "./certificate-extensions.ts";

/** What is read of an X.509 certificate (RFC 5280, 4.1). Byte strings are views of its DER. */
export interface Certificate {
  readonly whole: Uint8Array;
  /** What is signed. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
  /** Without a sign byte. */
  readonly serial: Uint8Array;
  /** Distinguished names as DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, the last one inclusive. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SubjectPublicKeyInfo as DER. */
  readonly publicKeyInfo: Uint8Array;
  /** Absent where the key is of another kind than RSA. */
  readonly rsaKey: RsaPublicKey | undefined;
  readonly extensions: Extensions;
}

/** sha256WithRSAEncryption (RFC 8017, A.2.4), the one way in which ours are signed. */
const sha256WithRsa = "2A864886F70D01010B";
const rsaEncryption = "2A864886F70D010101";
/** Longer ones are refused before they are read. */
const mostBytes = 8192;
const [version3, mostSerialBytes] = [2, 20];
const context = Object.freeze({ version: 0xa0, issuerId: 0x81, subjectId: 0x82, extensions: 0xa3 });

/**
 * Reads a certificate of version 3 as DER. Throws `FormatError`. Each step keeps what it finds and lets go of how: a line
 * is often connected while a transaction is under way, and fills what is left of a device's heap.
 */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > mostBytes) throw new FormatError("certificate", 0, "too long");
  const { algorithm, ...outside } = readOutside(der);
  return { whole: der, ...outside, ...readSignedPart(outside.signedPart, algorithm) };
}

/** Certificate (RFC 5280, 4.1): what is signed, how, and the signature. `algorithm` is DER in hexadecimal. */
function readOutside(der: Uint8Array): Pick<Certificate, "signedPart" | "signature"> & { readonly algorithm: string } {
  const outer = new DerReader(der);
  const parts = outer.enter(derTag.sequence);
  outer.end();
  const signedPart = parts.next(derTag.sequence).whole;
  const algorithm = parts.next(derTag.sequence);
  const signature = bits(parts.next(derTag.bitString));
  parts.end();
  if (objectId(algorithm) !== sha256WithRsa)
    throw new FormatError("signature algorithm", 0, "RSA and SHA-256 expected");
  return { signedPart, signature, algorithm: bytesToHex(algorithm.whole) };
}

/** TBSCertificate (RFC 5280, 4.1.2). */
function readSignedPart(
  signedPart: Uint8Array,
  algorithm: string,
): Omit<Certificate, "whole" | "signedPart" | "signature"> {
  const fields = new DerReader(signedPart).enter(derTag.sequence);
  const serial = readBeginning(fields, algorithm);
  const issuer = fields.next(derTag.sequence).whole;
  const [validFrom, validTo] = readValidity(fields.enter(derTag.sequence));
  const subject = fields.next(derTag.sequence).whole;
  const keyInfo = fields.next(derTag.sequence);
  const [publicKeyInfo, rsaKey] = [keyInfo.whole, readRsaKey(keyInfo.content)];
  fields.optional(context.issuerId);
  fields.optional(context.subjectId);
  const extensions = readExtensions(fields.optional(context.extensions)?.content);
  fields.end();
  return { serial, issuer, subject, validFrom, validTo, publicKeyInfo, rsaKey, extensions };
}

/** Version, serial number and, once more, the algorithm; gives the serial number. */
function readBeginning(fields: DerReader, algorithm: string): Uint8Array {
  const version = fields.enter(context.version).next(derTag.integer).content;
  if (version.length !== 1 || version[0] !== version3) throw new FormatError("version", 0, "3 expected");
  const serial = natural(fields.next(derTag.integer));
  if (serial.length > mostSerialBytes) throw new FormatError("serial number", 0, "too long");
  if (bytesToHex(fields.next(derTag.sequence).whole) !== algorithm) {
    throw new FormatError("signature algorithm", 0, "said twice, and not the same");
  }
  return serial;
}

function readValidity(times: DerReader): readonly [number, number] {
  const both = [time(times.next()), time(times.next())] as const;
  times.end();
  return both;
}

/** RFC 8017, A.1.1, in RFC 5280's SubjectPublicKeyInfo. */
function readRsaKey(keyInfo: Uint8Array): RsaPublicKey | undefined {
  const fields = new DerReader(keyInfo);
  const algorithm = fields.next(derTag.sequence);
  const key = bits(fields.next(derTag.bitString));
  fields.end();
  if (objectId(algorithm) !== rsaEncryption) return undefined;
  const outer = new DerReader(key);
  const numbers = outer.enter(derTag.sequence);
  outer.end();
  const [modulus, exponent] = [natural(numbers.next(derTag.integer)), natural(numbers.next(derTag.integer))];
  numbers.end();
  return { modulus, exponent };
}

/** The identifier that an AlgorithmIdentifier starts with, in hexadecimal. */
function objectId(algorithm: DerValue): string {
  return bytesToHex(new DerReader(algorithm.content).next(derTag.objectIdentifier).content);
}

/** A positive integer without the zero that keeps it positive. */
function natural({ content }: DerValue): Uint8Array {
  if (content.length === 0 || content[0]! >= 0x80) throw new FormatError("integer", 0, "a positive one expected");
  return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
}

/** A bit string of whole bytes. */
function bits({ content }: DerValue): Uint8Array {
  if (content[0] !== 0) throw new FormatError("bit string", 0, "whole bytes expected");
  return content.subarray(1);
}

/** RFC 5280, 4.1.2.5: `YYMMDDhhmmssZ` up to 2049, `YYYYMMDDhhmmssZ` from 2050 on. */
function time({ tag, content }: DerValue): number {
  let text = "";
  for (const byte of content) text += String.fromCharCode(byte);
  if (tag === derTag.utcTime) text = (Number(text.slice(0, 2)) < 50 ? "20" : "19") + text;
  else if (tag !== derTag.generalizedTime) throw new FormatError("time", 0, "another kind expected");
  if (!/^\d{14}Z$/.test(text)) throw new FormatError("time", 0, "YYYYMMDDhhmmssZ expected");
  const at = (from: number): number => Number(text.slice(from, from + 2));
  return Date.UTC(Number(text.slice(0, 4)), at(4) - 1, at(6), at(8), at(10), at(12));
}
