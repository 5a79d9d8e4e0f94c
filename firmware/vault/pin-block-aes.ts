import { wipe, xor } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { asciiDigits, checkDigits, checkPin, pack, unpack } from "./pin-block.ts";

/** One AES block in or out, under the PIN key. */
export type AesBlock = (block: Uint8Array) => Uint8Array;

const control = 4;
const filler = 10;

/**
 * The plain PIN field of format 4 (ISO 9564-1:2017, 9.4.2.2): control, length, digits, filler A, then eight bytes of
 * chance. Throws `FormatError` unless the PIN has 4 to 12 digits.
 */
export function encodePinField(digits: Uint8Array, random: Uint8Array): Uint8Array {
  checkPin(digits);
  if (random.length !== 8) throw new FormatError("pin field", 8, "8 bytes of chance expected");
  const nibbles = new Uint8Array(16).fill(filler);
  nibbles[0] = control;
  nibbles[1] = digits.length;
  for (let i = 0; i < digits.length; i++) nibbles[2 + i] = digits[i]! & 15;
  const field = new Uint8Array(16);
  const packed = pack(nibbles);
  field.set(packed);
  field.set(random, 8);
  wipe(packed);
  wipe(nibbles);
  return field;
}

/** The PIN of a plain PIN field, ASCII; the caller wipes it. Throws `FormatError`. */
export function decodePinField(field: Uint8Array): Uint8Array {
  if (field.length !== 16) throw new FormatError("pin field", 0, "16 bytes expected");
  const nibbles = unpack(field.subarray(0, 8));
  try {
    const length = nibbles[1]!;
    if (nibbles[0] !== control) throw new FormatError("pin field", 0, "another format");
    if (length < 4 || length > 12) throw new FormatError("pin field", 0, "4 to 12 digits expected");
    if (nibbles.subarray(2 + length).some((nibble) => nibble !== filler)) {
      throw new FormatError("pin field", 2, "wrong filler");
    }
    return asciiDigits(nibbles.subarray(2, 2 + length));
  } finally {
    wipe(nibbles);
  }
}

/**
 * The plain PAN field (9.4.2.3): how many digits more than twelve, the digits, zeros. Shorter PANs stand right in
 * twelve digits. Throws `FormatError` unless it has 1 to 19 digits.
 */
export function encodePanField(pan: Uint8Array): Uint8Array {
  if (pan.length < 1 || pan.length > 19) throw new FormatError("pan", 0, "1 to 19 digits expected");
  checkDigits(pan, "pan");
  const nibbles = new Uint8Array(32);
  const missing = Math.max(0, 12 - pan.length);
  nibbles[0] = pan.length + missing - 12;
  for (let i = 0; i < pan.length; i++) nibbles[1 + missing + i] = pan[i]! & 15;
  const field = pack(nibbles);
  wipe(nibbles);
  return field;
}

/** Format 4 (9.4.3): the PIN field enciphered, folded with the PAN field, enciphered again. */
export function encipherPinField(field: Uint8Array, pan: Uint8Array, encrypt: AesBlock): Uint8Array {
  return encrypt(xor(encrypt(field), encodePanField(pan)));
}

/** The plain PIN field of an enciphered block. Throws `FormatError` for another length than 16 bytes. */
export function decipherPinField(block: Uint8Array, pan: Uint8Array, decrypt: AesBlock): Uint8Array {
  if (block.length !== 16) throw new FormatError("pin block", 0, "16 bytes expected");
  return decrypt(xor(decrypt(block), encodePanField(pan)));
}
