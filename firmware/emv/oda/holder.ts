import { unpackDigits } from "#native/bytes";
import { equal, wipe } from "../../codec/bytes.ts";
import { monthNumber } from "../dates.ts";

/** A nibble of packed decimals; F behind the end. */
function nibbleAt(bytes: Uint8Array, place: number): number {
  const byte = bytes[place >> 1] ?? 0xff;
  return place & 1 ? byte & 0x0f : byte >> 4;
}

const filler = 0x0f;
const leastIssuerDigits = 3;

/**
 * The digits of packed decimals up to the first nibble that is none, one a byte, to be overwritten. By one call of the
 * engine: nibble by nibble three comparisons took a fiftieth of a tap's instructions.
 */
function digitsOf(bytes: Uint8Array): Uint8Array {
  const digits = new Uint8Array(2 * bytes.length);
  const end = unpackDigits(bytes, 0, digits, false);
  return end < 0 ? digits : digits.subarray(0, end);
}

/**
 * True when an issuer identifier, filled with hexadecimal F, is the beginning of a card number (EMV 4.3 Book 2, 5.3,
 * step 8).
 * @param pan packed decimals; what follows the first nibble that is no digit does not count (tags 5A and 57)
 */
export function isIssuerOf(identifier: Uint8Array, pan: Uint8Array): boolean {
  const beginning = digitsOf(identifier);
  const digits = digitsOf(pan);
  const count = beginning.length;
  const isBeginning = count >= leastIssuerDigits && equal(beginning, digits.subarray(0, count));
  wipe(digits);
  return isBeginning && isFilled(identifier, count);
}

/** True when a PAN, a certificate's or tag 5A, filled with hexadecimal F, is this card number (Book 2, 6.4, step 8). */
export function isSameNumber(certified: Uint8Array, pan: Uint8Array): boolean {
  const count = sameDigits(certified, pan);
  return count > 0 && isFilled(certified, count);
}

/** True when two card numbers, of tag 5A or 57, have the same digits; what follows them does not count. */
export function haveSameDigits(one: Uint8Array, other: Uint8Array): boolean {
  return sameDigits(one, other) > 0;
}

/** How many digits two card numbers have, where they have the same; otherwise 0. */
function sameDigits(one: Uint8Array, other: Uint8Array): number {
  const digits = digitsOf(one);
  const others = digitsOf(other);
  const count = equal(digits, others) ? digits.length : 0;
  wipe(digits);
  wipe(others);
  return count;
}

/** True when nothing but the filler stands behind so many digits. */
function isFilled(bytes: Uint8Array, count: number): boolean {
  for (let place = count; place < 2 * bytes.length; place++) {
    if (nibbleAt(bytes, place) !== filler) {
      return false;
    }
  }
  return true;
}

/**
 * True when a certificate is still good on a day: until the end of its month (Book 2, 5.3, step 9). One whose month is
 * none is not.
 * @param expiry MMYY
 * @param date YYMMDD, packed decimals as in tag 9A
 */
export function isInDate(expiry: Uint8Array, date: Uint8Array): boolean {
  const month = expiry[0] ?? 0;
  const isMonth = (month >= 0x01 && month <= 0x09) || (month >= 0x10 && month <= 0x12);
  return isMonth && monthNumber(expiry[1] ?? 0, month) >= monthNumber(date[0] ?? 0, date[1] ?? 0);
}
