import { sha1 } from "#native/digest";
import { concat, equal } from "../codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../codec/hex.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { fullYear } from "./dates.ts";

/** A payment system's public key as it is downloaded (EMV 4.3 Book 2, 11.2). Bytes in upper-case hexadecimal. */
export interface AuthorityKeyParameters {
  /** Registered identifier of the payment system: the first 5 bytes of its application identifiers. */
  readonly rid: string;
  /** 1 byte, unique within the identifier. */
  readonly index: string;
  /** At most 248 bytes. */
  readonly modulus: string;
  /** `03` or `010001`. */
  readonly exponent: string;
  /** Last day on which the key may be used: YYYYMMDD. */
  readonly expiry: string;
  /** SHA-1 over identifier, index, modulus and exponent (Book 2, 11.2.2): 20 bytes. */
  readonly checksum: string;
}

/** An issuer's certificate that is no longer good (Book 2, 5.1.2). Bytes in upper-case hexadecimal. */
export interface RevokedCertificate {
  readonly rid: string;
  /** Index of the authority's key that signed it: 1 byte. */
  readonly index: string;
  /** Certificate serial number: 3 bytes. */
  readonly serial: string;
}

/** What a chain of certificates is checked against; bytes as on the wire, `date` as in tag 9A. */
export interface AuthorityKeySource {
  find(rid: Uint8Array, index: number, date: Uint8Array): RsaPublicKey | undefined;
  isRevoked(rid: Uint8Array, index: number, serial: Uint8Array): boolean;
}

/** The payment systems' keys of a terminal and their revoked certificates. Keys stay text until they are wanted. */
export class AuthorityKeys implements AuthorityKeySource {
  readonly #keys: readonly AuthorityKeyParameters[];
  readonly #revoked: readonly RevokedCertificate[];

  constructor(keys: readonly AuthorityKeyParameters[], revoked: readonly RevokedCertificate[]) {
    this.#keys = keys;
    this.#revoked = revoked;
  }

  /**
   * The key of a payment system under an index (Book 2, 5.2). Undefined when there is none, when its checksum does not
   * hold, and after its last day.
   */
  find(rid: Uint8Array, index: number, date: Uint8Array): RsaPublicKey | undefined {
    const ridText = bytesToHex(rid);
    const indexText = bytesToHex(Uint8Array.of(index));
    const key = this.#keys.find((one) => one.rid === ridText && one.index === indexText);
    if (key === undefined || isAfter(date, key.expiry)) {
      return undefined;
    }
    const modulus = hexToBytes(key.modulus, "authority key");
    const exponent = hexToBytes(key.exponent, "authority key");
    const checksum = authorityKeyChecksum(rid, index, { modulus, exponent });
    return equal(checksum, hexToBytes(key.checksum, "authority key")) ? { modulus, exponent } : undefined;
  }

  /** True for a certificate that the payment system took back. */
  isRevoked(rid: Uint8Array, index: number, serial: Uint8Array): boolean {
    if (this.#revoked.length === 0) {
      return false;
    }
    const entry = bytesToHex(concat([rid, Uint8Array.of(index), serial]));
    return this.#revoked.some((one) => one.rid + one.index + one.serial === entry);
  }
}

/** The check of a payment system's key (Book 2, 11.2.2): 20 bytes. */
export function authorityKeyChecksum(rid: Uint8Array, index: number, key: RsaPublicKey): Uint8Array {
  return sha1(concat([rid, Uint8Array.of(index), key.modulus, key.exponent]));
}

/** Compares a date YYMMDD in packed decimals with one YYYYMMDD in text. */
function isAfter(date: Uint8Array, last: string): boolean {
  return fullYear(date[0] ?? 0).toString(16) + bytesToHex(date.subarray(1)) > last;
}
