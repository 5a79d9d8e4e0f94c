import { bcdToDigits, bcdToNumber, digitsToBcd, numberToBcd } from "./bcd.ts";
import { bytesToInteger, integerToBytes } from "./bytes.ts";
import { ebcdicToText, textToEbcdic } from "./ebcdic.ts";
import { FormatError } from "./errors.ts";
import { bytesToHex, hexToBytes } from "./hex.ts";
import type { Encoding, FieldContent, LengthEncoding } from "./iso8583-packager.ts";
import { bytesToLatin1, latin1ToBytes } from "./text.ts";

/**
 * Throws `FormatError` when text is not what the content allows. Text fields may hold any byte, because dialects put
 * GBK and TLV there.
 */
export function checkContent(text: string, content: FieldContent, field: string): void {
  if (content !== "n" && content !== "z" && content !== "x+n") {
    return;
  }
  for (let i = content === "x+n" ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x30 || code > 0x39) && !(content === "z" && isTrackSign(code))) {
      throw new FormatError(field, i, `not of kind ${content}`);
    }
  }
  if (content === "x+n" && text[0] !== "C" && text[0] !== "D") {
    throw new FormatError(field, 0, "C or D expected");
  }
}

/** Separator `=`, and the names A to F of what packed decimal can hold beside digits. */
function isTrackSign(code: number): boolean {
  return code === 0x3d || (code >= 0x41 && code <= 0x46);
}

/** Bytes that `size` characters (content `b`: bytes) take in an encoding. */
export function packedLength(content: FieldContent, encoding: Encoding, size: number): number {
  if (encoding === "bcd-left" || encoding === "bcd-right") {
    return content === "x+n" ? 1 + (size >> 1) : (size + 1) >> 1;
  }
  return encoding === "hex" ? 2 * size : size;
}

/** Characters of a text value. Track data in packed decimal writes its separator D; it is given as `=`. */
export function unpackText(
  bytes: Uint8Array,
  content: FieldContent,
  encoding: Encoding,
  size: number,
  field: string,
): string {
  switch (encoding) {
    case "ascii":
    case "binary":
      return bytesToLatin1(bytes);
    case "ebcdic":
      return ebcdicToText(bytes, field);
    case "hex":
      return bytesToLatin1(hexToBytes(bytesToLatin1(bytes), field));
    case "bcd-left":
    case "bcd-right": {
      const alignment = encoding === "bcd-left" ? "left" : "right";
      if (content === "z") {
        const nibbles = bytesToHex(bytes);
        const start = alignment === "right" ? nibbles.length - size : 0;
        return nibbles.slice(start, start + size).replace("D", "=");
      }
      if (content === "x+n") {
        return bytesToLatin1(bytes.subarray(0, 1)) + bcdToDigits(bytes.subarray(1), size - 1, alignment, field);
      }
      return bcdToDigits(bytes, size, alignment, field);
    }
  }
}

/** The bytes of a text value, the inverse of `unpackText`. */
export function packText(text: string, content: FieldContent, encoding: Encoding, field: string): Uint8Array {
  switch (encoding) {
    case "ascii":
    case "binary":
      return latin1ToBytes(text, field);
    case "ebcdic":
      return textToEbcdic(text, field);
    case "hex":
      return latin1ToBytes(bytesToHex(latin1ToBytes(text, field)));
    case "bcd-left":
    case "bcd-right": {
      const alignment = encoding === "bcd-left" ? "left" : "right";
      if (content === "z") {
        const even = text.length & 1 ? (alignment === "left" ? `${text}0` : `0${text}`) : text;
        return hexToBytes(even.replace("=", "D"), field);
      }
      if (content === "x+n") {
        const packed = new Uint8Array(packedLength(content, encoding, text.length));
        packed[0] = text.charCodeAt(0);
        packed.set(digitsToBcd(text.slice(1), alignment, 0, field), 1);
        return packed;
      }
      return digitsToBcd(text, alignment, 0, field);
    }
  }
}

/** Bytes that a length of two or three digits takes. */
export function lengthSize(encoding: LengthEncoding, digits: 2 | 3): number {
  return encoding === "bcd" || encoding === "binary" ? digits - 1 : digits;
}

/** The number in the bytes before a variable field. */
export function unpackLength(bytes: Uint8Array, encoding: LengthEncoding, field: string): number {
  if (encoding === "binary") {
    return bytesToInteger(bytes);
  }
  if (encoding === "bcd") {
    return bcdToNumber(bytes, field);
  }
  const text = unpackText(bytes, "n", encoding, bytes.length, field);
  checkContent(text, "n", field);
  return Number(text);
}

/** The bytes before a variable field of `size` characters. */
export function packLength(size: number, encoding: LengthEncoding, digits: 2 | 3, field: string): Uint8Array {
  if (encoding === "binary") {
    return integerToBytes(size, digits - 1);
  }
  if (encoding === "bcd") {
    return numberToBcd(size, digits - 1);
  }
  return packText(String(size).padStart(digits, "0"), "n", encoding, field);
}
