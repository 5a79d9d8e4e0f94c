import { FormatError } from "./errors.ts";
import { bytesToHex, hexDigit, hexToBytes } from "./hex.ts";
import type { ByteReader } from "./reader.ts";
import { asciiToBytes, bytesToLatin1 } from "./text.ts";

/** Bytes of one bitmap: fields 1 to 64, or 65 to 128. */
const bitmapBytes = 8;

/** Numbers of the bits that are set, most significant first, counted from 1. */
export function bitmapToNumbers(bitmap: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < bitmap.length; i++) {
    const byte = bitmap[i]!;
    for (let bit = 0; byte !== 0 && bit < 8; bit++) {
      if (byte & (0x80 >> bit)) {
        numbers.push(8 * i + bit + 1);
      }
    }
  }
  return numbers;
}

/** A bitmap of `length` bytes with these bits set, counted from 1. Throws `FormatError` for one outside. */
export function numbersToBitmap(numbers: readonly number[], length: number): Uint8Array {
  const bitmap = new Uint8Array(length);
  for (const number of numbers) {
    if (!Number.isInteger(number) || number < 1 || number > 8 * length) {
      throw new FormatError("bitmap", 0, "field number outside the bitmap");
    }
    bitmap[(number - 1) >> 3]! |= 0x80 >> ((number - 1) & 7);
  }
  return bitmap;
}

/** Reads one bitmap of 64 bits. */
export function readBitmap(reader: ByteReader, encoding: "binary" | "hex"): Uint8Array {
  if (encoding === "binary") {
    return reader.take(bitmapBytes, "bitmap").slice();
  }
  const at = reader.offset;
  const digits = reader.take(2 * bitmapBytes, "bitmap");
  for (let i = 0; i < digits.length; i++) {
    if (hexDigit(digits[i]!) < 0) {
      throw new FormatError("bitmap", at + i, "not a hexadecimal digit");
    }
  }
  return hexToBytes(bytesToLatin1(digits));
}

/** Writes the bitmap of field numbers, with its second half when 1 is among them. */
export function writeBitmap(numbers: readonly number[], encoding: "binary" | "hex"): Uint8Array {
  const bitmap = numbersToBitmap(numbers, numbers.includes(1) ? 2 * bitmapBytes : bitmapBytes);
  return encoding === "binary" ? bitmap : asciiToBytes(bytesToHex(bitmap));
}
