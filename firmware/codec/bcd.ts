import { packDigits } from "#native/bytes";
import { FormatError } from "./errors.ts";

/** Where the digits of an odd count stand: `left` fills the last nibble, `right` the first. */
export type BcdAlignment = "left" | "right";

const nibbleCharacters = "0123456789";

/**
 * Packs decimal digits, two a byte.
 * @param text decimal digits only
 * @param alignment where the digits stand when their count is odd
 * @param filler the nibble, 0 to 15, that makes the count even
 */
export function digitsToBcd(text: string, alignment: BcdAlignment, filler = 0, field = "bcd"): Uint8Array {
  const odd = text.length & 1;
  const bytes = new Uint8Array((text.length + odd) >> 1);
  if (odd === 1) {
    bytes[alignment === "right" ? 0 : bytes.length - 1] = alignment === "right" ? filler << 4 : filler;
  }
  const nibble = alignment === "right" ? odd : 0;
  const wrong = packDigits(text, bytes, nibble, false);
  if (wrong >= 0) {
    throw new FormatError(field, (nibble + wrong) >> 1, "not a decimal digit");
  }
  return bytes;
}

/**
 * Unpacks decimal digits. The filling nibble of an odd count may have any value.
 * @param count how many digits; `bytes` must be just long enough for them
 */
export function bcdToDigits(bytes: Uint8Array, count: number, alignment: BcdAlignment, field = "bcd"): string {
  if (bytes.length !== (count + 1) >> 1) {
    throw new FormatError(field, 0, `${(count + 1) >> 1} bytes expected, ${bytes.length} found`);
  }
  let text = "";
  let nibble = alignment === "right" ? count & 1 : 0;
  for (const end = nibble + count; nibble < end; nibble++) {
    const byte = bytes[nibble >> 1]!;
    const character = nibbleCharacters[nibble & 1 ? byte & 15 : byte >> 4];
    if (character === undefined) {
      throw new FormatError(field, nibble >> 1, "not a decimal digit");
    }
    text += character;
  }
  return text;
}

/** A natural number as packed decimal in `length` bytes, leading zeros. Throws `RangeError` when it does not fit. */
export function numberToBcd(value: number, length: number): Uint8Array {
  const text = String(value);
  if (!Number.isSafeInteger(value) || value < 0 || text.length > 2 * length) {
    throw new RangeError("number does not fit its packed decimal length");
  }
  return digitsToBcd(text.padStart(2 * length, "0"), "right");
}

/** The number in packed decimal bytes, at most 15 digits that matter. */
export function bcdToNumber(bytes: Uint8Array, field = "bcd"): number {
  const value = Number(bcdToDigits(bytes, 2 * bytes.length, "right", field));
  if (!Number.isSafeInteger(value)) {
    throw new FormatError(field, 0, "number above 2^53 - 1");
  }
  return value;
}
