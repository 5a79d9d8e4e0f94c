import { FormatError } from "./errors.ts";
import { bytesToHex, hexToBytes } from "./hex.ts";
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

/** Reads the bitmap, and the second one when bit 1 says so; gives the field numbers, 1 among them then. */
export function readBitmap(reader: ByteReader, encoding: "binary" | "hex"): number[] {
  const numbers = bitmapToNumbers(readHalf(reader, encoding));
  if (numbers[0] !== 1) {
    return numbers;
  }
  const at = reader.offset;
  for (const number of bitmapToNumbers(readHalf(reader, encoding))) {
    if (number === 1) {
      throw new FormatError("bitmap", at, "a third bitmap is not supported");
    }
    numbers.push(64 + number);
  }
  return numbers;
}

function readHalf(reader: ByteReader, encoding: "binary" | "hex"): Uint8Array {
  if (encoding === "binary") {
    return reader.take(bitmapBytes, "bitmap");
  }
  const at = reader.offset;
  const text = bytesToLatin1(reader.take(2 * bitmapBytes, "bitmap"));
  if (!/^[0-9A-Fa-f]*$/.test(text)) {
    throw new FormatError("bitmap", at, "not hexadecimal");
  }
  return hexToBytes(text, "bitmap");
}

/** Writes the bitmap of ascending field numbers from 2, with the second half when one is above 64. */
export function writeBitmap(numbers: readonly number[], encoding: "binary" | "hex"): Uint8Array {
  const first = numbers[0] ?? 2;
  if (first < 2 || numbers.includes(65)) {
    throw new FormatError("bitmap", 0, "fields 1 and 65 are bitmaps");
  }
  const long = (numbers[numbers.length - 1] ?? 0) > 64;
  const bitmap = numbersToBitmap(long ? [1, ...numbers] : numbers, long ? 2 * bitmapBytes : bitmapBytes);
  return encoding === "binary" ? bitmap : asciiToBytes(bytesToHex(bitmap));
}
