import { wipe, xor } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";

/** PIN block formats of one DES block (ISO 9564-1:2017, 9.3.2 to 9.3.5). 0 and 3 are bound to the PAN. */
export type DesFormat = 0 | 1 | 2 | 3;

const leastPin = 4;
const mostPin = 12;
const leastPan = 13;

/** Nibbles that may stand behind the digits. */
const fillers: Readonly<Record<DesFormat, (nibble: number) => boolean>> = Object.freeze({
  0: (nibble) => nibble === 15,
  1: () => true,
  2: (nibble) => nibble === 15,
  3: (nibble) => nibble >= 10,
});

/**
 * A clear PIN block; the caller enciphers and wipes it.
 * @param digits the PIN, 4 to 12 ASCII digits
 * @param pan formats 0 and 3: at least 13 ASCII digits with the check digit
 * @param fill formats 1 and 3: fourteen nibbles of chance, one a byte, A to F in format 3, of which the last are used
 * Throws `FormatError` for other lengths, or for what are no digits.
 */
export function encodePinBlock(format: DesFormat, digits: Uint8Array, pan?: Uint8Array, fill?: Uint8Array): Uint8Array {
  const bound = format === 0 || format === 3;
  const field = bound ? panField(pan) : undefined;
  checkPin(digits);
  const nibbles = new Uint8Array(16).fill(15);
  if (fill !== undefined) nibbles.set(fill, 2);
  nibbles[0] = format;
  nibbles[1] = digits.length;
  for (let i = 0; i < digits.length; i++) nibbles[2 + i] = digits[i]! & 15;
  const spoilt = nibbles.subarray(2 + digits.length).some((nibble) => nibble > 15 || !fillers[format](nibble));
  const block = pack(nibbles);
  wipe(nibbles);
  if (spoilt) {
    wipe(block);
    throw new FormatError("pin block", 0, "fill digit not of this format");
  }
  if (field === undefined) return block;
  const result = xor(block, field);
  wipe(block);
  wipe(field);
  return result;
}

/** The PIN of a clear block, ASCII; the caller wipes it. Throws `FormatError` for what is no block of the format. */
export function decodePinBlock(format: DesFormat, block: Uint8Array, pan?: Uint8Array): Uint8Array {
  if (block.length !== 8) throw new FormatError("pin block", 0, "8 bytes expected");
  const field = format === 0 || format === 3 ? panField(pan) : new Uint8Array(8);
  const plain = xor(block, field);
  wipe(field);
  const nibbles = unpack(plain);
  wipe(plain);
  try {
    const length = nibbles[1]!;
    if (nibbles[0] !== format) throw new FormatError("pin block", 0, "another format");
    if (length < leastPin || length > mostPin) throw new FormatError("pin block", 0, "4 to 12 digits expected");
    if (!nibbles.subarray(2 + length).every(fillers[format])) throw new FormatError("pin block", 2, "wrong filler");
    return asciiDigits(nibbles.subarray(2, 2 + length));
  } finally {
    wipe(nibbles);
  }
}

/** Throws `FormatError` unless these are 4 to 12 ASCII digits. */
export function checkPin(digits: Uint8Array): void {
  if (digits.length < leastPin || digits.length > mostPin) throw new FormatError("pin", 0, "4 to 12 digits expected");
  checkDigits(digits, "pin");
}

/** Throws `FormatError` unless these are ASCII digits. */
export function checkDigits(digits: Uint8Array, field: string): void {
  if (digits.some((code) => code < 0x30 || code > 0x39)) throw new FormatError(field, 0, "digits expected");
}

/** ASCII of decimal nibbles, one a byte. Throws `FormatError` for a nibble above 9. */
export function asciiDigits(nibbles: Uint8Array): Uint8Array {
  if (nibbles.some((nibble) => nibble > 9)) throw new FormatError("pin block", 2, "digits expected");
  return nibbles.map((nibble) => 0x30 + nibble);
}

/** Two nibbles a byte, high one first. */
export function pack(nibbles: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(nibbles.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!;
  return bytes;
}

/** One nibble a byte, high one first. */
export function unpack(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    nibbles[2 * i] = bytes[i]! >> 4;
    nibbles[2 * i + 1] = bytes[i]! & 15;
  }
  return nibbles;
}

/** Four zero digits and the twelve rightmost digits of the PAN without its check digit. */
function panField(pan: Uint8Array | undefined): Uint8Array {
  if (pan === undefined || pan.length < leastPan) throw new FormatError("pan", 0, "at least 13 digits expected");
  checkDigits(pan, "pan");
  const nibbles = new Uint8Array(16);
  for (let i = 0; i < 12; i++) nibbles[4 + i] = pan[pan.length - leastPan + i]! & 15;
  const field = pack(nibbles);
  wipe(nibbles);
  return field;
}
