import type { RsaPublicKey } from "../../crypto/rsa.ts";
import { type AuthenticationFault, recoverSigned, rsaIndicator, sha1Indicator } from "./recovery.ts";

/** A certificate, and what of its key did not fit into it: three elements of a card. */
export interface CertificateElements {
  readonly certificate: Uint8Array;
  /** Empty when the whole modulus fits into the certificate. */
  readonly remainder: Uint8Array;
  readonly exponent: Uint8Array;
}

/** How a kind of certificate begins: its format, and the length of whom it names. */
export interface CertificateLayout {
  readonly format: number;
  readonly holderLength: number;
}

/** Issuer public key certificate (EMV 4.3 Book 2, table 6): issuer identifier of 4 bytes. */
export const issuerLayout: CertificateLayout = Object.freeze({ format: 0x02, holderLength: 4 });
/** ICC public key and ICC PIN encipherment key certificates (table 14; 7.1): application PAN of 10 bytes. */
export const cardLayout: CertificateLayout = Object.freeze({ format: 0x04, holderLength: 10 });

/** A certificate that its signer's key opened. Nothing is known of its hash, holder or dates yet. */
export interface OpenedCertificate {
  /** As it was signed; whoever opened it wipes it, since it may name a card number. The next three are views of it. */
  readonly message: Uint8Array;
  /** Issuer identifier or PAN, filled with hexadecimal F. */
  readonly holder: Uint8Array;
  /** MMYY in packed decimals: good until the end of that month. */
  readonly expiry: Uint8Array;
  /** 3 bytes. */
  readonly serial: Uint8Array;
  readonly hashAlgorithm: number;
  readonly keyAlgorithm: number;
  /** As the certificate says, in bytes. */
  readonly exponentLength: number;
  readonly key: RsaPublicKey;
}

/** The longest modulus that EMV has (Book 2, B2.1). */
const longestModulus = 248;
const expiryLength = 2;
const serialLength = 3;
/** Two algorithms, two lengths. */
const descriptionLength = 4;
const endLength = 21;

/**
 * Opens a certificate and puts its key together (Book 2, 5.3 and 6.4: steps 1 to 4, 11 and 12).
 * @param signer the key above: the authority's for an issuer, the issuer's for a card
 */
export function openCertificate(
  signer: RsaPublicKey,
  elements: CertificateElements,
  layout: CertificateLayout,
): OpenedCertificate | AuthenticationFault {
  const { remainder, exponent } = elements;
  const expiryStart = 2 + layout.holderLength;
  const description = expiryStart + expiryLength + serialLength;
  const keyStart = description + descriptionLength;
  const message = recoverSigned(signer, elements.certificate, layout.format, keyStart + endLength + 1);
  if (typeof message === "string") {
    return message;
  }
  const [hashAlgorithm, keyAlgorithm, keyLength, exponentLength] = message.subarray(description, keyStart);
  if (hashAlgorithm !== sha1Indicator || keyAlgorithm !== rsaIndicator) {
    return "algorithm";
  }
  const digits = message.subarray(keyStart, message.length - endLength);
  const modulus = joinModulus(digits, remainder, keyLength!);
  if (typeof modulus === "string") {
    return modulus;
  }
  return {
    message,
    holder: message.subarray(2, expiryStart),
    expiry: message.subarray(expiryStart, expiryStart + expiryLength),
    serial: message.subarray(expiryStart + expiryLength, description),
    hashAlgorithm,
    keyAlgorithm,
    exponentLength: exponentLength!,
    key: { modulus, exponent },
  };
}

/** A modulus that is too long for its certificate goes on in the remainder; a shorter one is filled up. */
function joinModulus(digits: Uint8Array, remainder: Uint8Array, length: number): Uint8Array | AuthenticationFault {
  if (length === 0 || length > longestModulus) {
    return "length";
  }
  const outside = length - digits.length;
  if (outside <= 0) {
    return digits.slice(0, length);
  }
  if (remainder.length !== outside) {
    return remainder.length === 0 ? "missing" : "length";
  }
  const modulus = new Uint8Array(length);
  modulus.set(digits);
  modulus.set(remainder, digits.length);
  return modulus;
}
