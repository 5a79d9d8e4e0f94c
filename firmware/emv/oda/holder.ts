import { monthNumber } from "../dates.ts";

/** A nibble of packed decimals; F behind the end and behind the first one that is no digit. */
function digitAt(bytes: Uint8Array, place: number): number {
  const byte = bytes[place >> 1] ?? 0xff;
  return place & 1 ? byte & 0x0f : byte >> 4;
}

function digitCount(bytes: Uint8Array): number {
  let count = 0;
  while (digitAt(bytes, count) <= 9) {
    count++;
  }
  return count;
}

const filler = 0x0f;
const leastIssuerDigits = 3;

/**
 * True when an issuer identifier, filled with hexadecimal F, is the beginning of a card number (EMV 4.3 Book 2, 5.3,
 * step 8).
 * @param pan packed decimals; what follows the first nibble that is no digit does not count (tags 5A and 57)
 */
export function isIssuerOf(identifier: Uint8Array, pan: Uint8Array): boolean {
  const count = digitCount(identifier);
  return count >= leastIssuerDigits && count <= digitCount(pan) && agree(identifier, count, pan);
}

/** True when a PAN, a certificate's or tag 5A, filled with hexadecimal F, is this card number (Book 2, 6.4, step 8). */
export function isSameNumber(certified: Uint8Array, pan: Uint8Array): boolean {
  const count = digitCount(certified);
  return count > 0 && count === digitCount(pan) && agree(certified, count, pan);
}

/** True when two card numbers, of tag 5A or 57, have the same digits; what follows them does not count. */
export function haveSameDigits(one: Uint8Array, other: Uint8Array): boolean {
  const count = digitCount(one);
  if (count === 0 || count !== digitCount(other)) {
    return false;
  }
  for (let place = 0; place < count; place++) {
    if (digitAt(one, place) !== digitAt(other, place)) {
      return false;
    }
  }
  return true;
}

function agree(filled: Uint8Array, count: number, pan: Uint8Array): boolean {
  for (let place = 0; place < 2 * filled.length; place++) {
    if (digitAt(filled, place) !== (place < count ? digitAt(pan, place) : filler)) {
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
