import { packDigits, unpackDigits } from "#native/bytes";
import { bcdToNumber, numberToBcd } from "./bcd.ts";
import { bytesToInteger, integerToBytes, wipe } from "./bytes.ts";
import { ebcdicToLatin1, latin1ToEbcdic } from "./ebcdic.ts";
import { FormatError } from "./errors.ts";
import { hexDigit } from "./hex.ts";
import type { Encoding, FieldContent, LengthEncoding } from "./iso8583-packager.ts";
import { bytesToLatin1, latin1ToBytes } from "./text.ts";

/** Between number and expiry of track data, as a character and by the name of its packed nibble. */
const separator = 0x3d;
const packedSeparator = 0x44;
const separatorNibble = 0x0d;

/**
 * Throws `FormatError` when characters are not what the content allows. Text fields may hold any byte, because dialects
 * put GBK and TLV there.
 */
export function checkContent(characters: Uint8Array, content: FieldContent, field: string): void {
  if (content !== "n" && content !== "z" && content !== "x+n") {
    return;
  }
  for (let i = content === "x+n" ? 1 : 0; i < characters.length; i++) {
    const code = characters[i]!;
    if ((code < 0x30 || code > 0x39) && !(content === "z" && isTrackSign(code))) {
      throw new FormatError(field, i, `not of kind ${content}`);
    }
  }
  if (content === "x+n" && characters[0] !== 0x43 && characters[0] !== 0x44) {
    throw new FormatError(field, 0, "C or D expected");
  }
}

/** Separator `=`, and the names A to F of what packed decimal can hold beside digits. */
function isTrackSign(code: number): boolean {
  return code === separator || (code >= 0x41 && code <= 0x46);
}

/** Bytes that `size` characters (content `b`: bytes) take in an encoding. */
export function packedLength(content: FieldContent, encoding: Encoding, size: number): number {
  if (encoding === "bcd-left" || encoding === "bcd-right") {
    return content === "x+n" ? 1 + (size >> 1) : (size + 1) >> 1;
  }
  return encoding === "hex" ? 2 * size : size;
}

/**
 * Characters of a text value, one a byte, always a copy: nothing of a secret becomes a string. Track data in packed
 * decimal writes its separator D; it is given as `=`.
 */
export function unpackCharacters(
  bytes: Uint8Array,
  content: FieldContent,
  encoding: Encoding,
  size: number,
  field: string,
): Uint8Array {
  switch (encoding) {
    case "ascii":
    case "binary":
      return bytes.slice();
    case "ebcdic":
      return ebcdicToLatin1(bytes, field);
    case "hex":
      return unpackHex(bytes, field);
    case "bcd-left":
    case "bcd-right": {
      const characters = new Uint8Array(size);
      const digits = content === "x+n" ? 1 : 0;
      characters.set(bytes.subarray(0, digits));
      unpackNibbles(bytes.subarray(digits), characters.subarray(digits), content === "z", encoding, field);
      return characters;
    }
  }
}

/** The bytes of a text value, the inverse of `unpackCharacters`; always a copy. */
export function packCharacters(
  characters: Uint8Array,
  content: FieldContent,
  encoding: Encoding,
  field: string,
): Uint8Array {
  switch (encoding) {
    case "ascii":
    case "binary":
      return characters.slice();
    case "ebcdic":
      return latin1ToEbcdic(characters, field);
    case "hex":
      return packHex(characters);
    case "bcd-left":
    case "bcd-right": {
      const bytes = new Uint8Array(packedLength(content, encoding, characters.length));
      const digits = content === "x+n" ? 1 : 0;
      bytes.set(characters.subarray(0, digits));
      packNibbles(characters.subarray(digits), bytes.subarray(digits), content === "z", encoding, field);
      return bytes;
    }
  }
}

/** Fills in `characters` from as many nibbles; of an odd count the filler may have any value. */
function unpackNibbles(
  packed: Uint8Array,
  characters: Uint8Array,
  isTrack: boolean,
  encoding: Encoding,
  field: string,
): void {
  const { length } = characters;
  const nibble = encoding === "bcd-right" ? length & 1 : 0;
  const wrong = unpackDigits(packed, nibble, characters, isTrack);
  if (wrong >= 0) {
    wipe(characters);
    throw new FormatError(field, (nibble + wrong) >> 1, "not a decimal digit");
  }
  const place = isTrack ? characters.indexOf(packedSeparator) : -1;
  if (place >= 0) {
    characters[place] = separator;
  }
}

/** Fills in `packed`, which is zero, from characters; the first `=` becomes D. */
function packNibbles(
  characters: Uint8Array,
  packed: Uint8Array,
  isTrack: boolean,
  encoding: Encoding,
  field: string,
): void {
  const { length } = characters;
  const place = isTrack ? characters.indexOf(separator) : -1;
  const nibble = encoding === "bcd-right" ? length & 1 : 0;
  const pieces = place < 0 ? [characters] : [characters.subarray(0, place), characters.subarray(place + 1)];
  let start = nibble;
  for (const piece of pieces) {
    const wrong = packDigits(piece, packed, start, isTrack);
    if (wrong >= 0) {
      wipe(packed);
      throw new FormatError(field, (start + wrong) >> 1, isTrack ? "not a hexadecimal digit" : "not a decimal digit");
    }
    start += piece.length + 1;
  }
  if (place >= 0) {
    const at = nibble + place;
    packed[at >> 1]! |= at & 1 ? separatorNibble : separatorNibble << 4;
  }
}

/** Bytes as characters of upper-case hexadecimal digits. */
export function packHex(bytes: Uint8Array): Uint8Array {
  const characters = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < characters.length; i++) {
    const value = i & 1 ? bytes[i >> 1]! & 15 : bytes[i >> 1]! >> 4;
    characters[i] = value > 9 ? 0x37 + value : 0x30 + value;
  }
  return characters;
}

/** Bytes of an even count of hexadecimal digits. Throws `FormatError` for other characters. */
export function unpackHex(characters: Uint8Array, field: string): Uint8Array {
  const bytes = new Uint8Array(characters.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(characters[2 * i]!);
    const low = hexDigit(characters[2 * i + 1]!);
    if (high < 0 || low < 0) {
      wipe(bytes);
      throw new FormatError(field, i, "not a hexadecimal digit");
    }
    bytes[i] = (high << 4) | low;
  }
  return bytes;
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
  const digits = unpackCharacters(bytes, "n", encoding, bytes.length, field);
  checkContent(digits, "n", field);
  return Number(bytesToLatin1(digits));
}

/** The bytes before a variable field of `size` characters. */
export function packLength(size: number, encoding: LengthEncoding, digits: 2 | 3, field: string): Uint8Array {
  if (encoding === "binary") {
    return integerToBytes(size, digits - 1);
  }
  if (encoding === "bcd") {
    return numberToBcd(size, digits - 1);
  }
  return packCharacters(latin1ToBytes(String(size).padStart(digits, "0")), "n", encoding, field);
}
