/** The twin of bytes.c: what firmware/codec does with single bytes most often. */
import { type BytesArgument, bytes } from "./twin/arguments.ts";

const digits = "0123456789ABCDEF";

/** Upper-case hexadecimal, two characters a byte. */
export function toHex(data: BytesArgument): string {
  let text = "";
  for (const byte of bytes(data)) {
    text += digits[byte >> 4]! + digits[byte & 15]!;
  }
  return text;
}

/** Bytes of hexadecimal text in either case; undefined where it is odd or not hexadecimal. Throws `TypeError` for no text. */
export function fromHex(text: string): Uint8Array | undefined {
  if (typeof text !== "string") {
    throw new TypeError("text missing");
  }
  if (text.length % 2 !== 0) {
    return undefined;
  }
  const result = new Uint8Array(text.length >> 1);
  for (let i = 0; i < result.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) {
      return undefined;
    }
    result[i] = (high << 4) | low;
  }
  return result;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) {
    return code - 0x30;
  }
  const upper = code & ~0x20;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/** All parts of an array, one behind the other, as a new byte string. */
export function join(parts: readonly BytesArgument[]): Uint8Array {
  if (!Array.isArray(parts)) {
    throw new TypeError("parts missing");
  }
  const views = parts.map(bytes);
  const result = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let offset = 0;
  for (const view of views) {
    result.set(view, offset);
    offset += view.length;
  }
  return result;
}
