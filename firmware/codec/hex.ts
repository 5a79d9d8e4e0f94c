import { FormatError } from "./errors.ts";

const digits = "0123456789ABCDEF";

/** Upper-case hexadecimal, two characters a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    text += digits[byte >> 4]! + digits[byte & 15]!;
  }
  return text;
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
  if (text.length % 2 !== 0) {
    throw new FormatError(field, text.length >> 1, "odd number of hexadecimal digits");
  }
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) {
      throw new FormatError(field, i, "not a hexadecimal digit");
    }
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}
