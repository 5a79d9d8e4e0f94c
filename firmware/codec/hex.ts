import { fromHex, toHex } from "#native/bytes";
import { FormatError } from "./errors.ts";

/** Upper-case hexadecimal, two characters a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  return toHex(bytes);
}

/** The value of one hexadecimal character code, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) {
    return code - 0x30;
  }
  const upper = code & ~0x20;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/**
 * Bytes of hexadecimal text in either case, without spaces.
 * @param field the name used in a `FormatError` when the text is odd or not hexadecimal
 */
export function hexToBytes(text: string, field = "hex"): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) {
    throw wrongHex(text, field);
  }
  return bytes;
}

/** What is wrong with a text that is not hexadecimal. */
function wrongHex(text: string, field: string): FormatError {
  if (text.length % 2 !== 0) {
    return new FormatError(field, text.length >> 1, "odd number of hexadecimal digits");
  }
  let place = 0;
  while (hexDigit(text.charCodeAt(place)) >= 0) {
    place++;
  }
  return new FormatError(field, place >> 1, "not a hexadecimal digit");
}
