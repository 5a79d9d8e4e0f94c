/** The twin of bytes.c: what firmware/codec does with single bytes most often. */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";

/** Of what is packed or folded: more than any message has. */
const longest = 0xffff;

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

/**
 * Fills in nibbles of `packed`, which are zero, from the characters of text or of bytes.
 * @param nibble the first one, from 0
 * @param names whether A to F may come beside decimal digits, in either case
 * @returns the place of the first character that may not come, or -1
 */
export function packDigits(
  digits: string | BytesArgument,
  packed: BytesArgument,
  nibble: number,
  names: boolean,
): number {
  const characters = typeof digits === "string" ? Array.from(digits, (one) => one.charCodeAt(0)) : bytes(digits);
  const target = bytes(packed);
  const first = integer(nibble, 0, longest);
  for (let place = 0; place < characters.length; place++) {
    const value = hexDigit(characters[place]!);
    if (value < 0 || (value > 9 && !names)) {
      return place;
    }
    const at = first + place;
    if (at >> 1 >= target.length) {
      throw new RangeError("digits do not fit");
    }
    target[at >> 1]! |= at & 1 ? value : value << 4;
  }
  return -1;
}

/**
 * Fills in `digits`, one character each, from the nibbles of `packed` from `nibble` on.
 * @param names whether nibbles above 9 may come, as A to F
 * @returns the place of the first nibble that may not come, or -1
 */
export function unpackDigits(packed: BytesArgument, nibble: number, digits: BytesArgument, names: boolean): number {
  const source = bytes(packed);
  const target = bytes(digits);
  const first = integer(nibble, 0, longest);
  if (target.length > 0 && target.length > 2 * source.length - first) {
    throw new RangeError("digits do not fit");
  }
  for (let place = 0; place < target.length; place++) {
    const at = first + place;
    const byte = source[at >> 1]!;
    const value = at & 1 ? byte & 15 : byte >> 4;
    if (value > 9 && !names) {
      return place;
    }
    target[place] = value > 9 ? 0x37 + value : 0x30 + value;
  }
  return -1;
}

/** All pieces of `size` bytes, the last filled with zeros, folded into one by exclusive or. */
export function fold(data: BytesArgument, size: number): Uint8Array {
  const view = bytes(data);
  const result = new Uint8Array(integer(size, 1, longest));
  for (let i = 0; i < view.length; i++) {
    result[i % result.length]! ^= view[i]!;
  }
  return result;
}

/** The bytes from one place to before another. Throws `RangeError` where there are none. */
function range(data: BytesArgument, from: number, to: number): Uint8Array {
  const view = bytes(data);
  if (integer(from, 0, longest) > integer(to, 0, longest) || to > view.length) {
    throw new RangeError("bytes out of range");
  }
  return view.subarray(from, to);
}

/** The sum of the bytes from one place to before another, modulo 256: the check of many a frame. */
export function sum(data: BytesArgument, from: number, to: number): number {
  return range(data, from, to).reduce((all, byte) => (all + byte) & 0xff, 0);
}

/** The exclusive or of the bytes from one place to before another: the check of the others. */
export function parity(data: BytesArgument, from: number, to: number): number {
  return range(data, from, to).reduce((all, byte) => all ^ byte, 0);
}

/** Puts the source's bytes into the target, from a place on. Throws `RangeError` where they do not fit. */
export function copy(source: BytesArgument, target: BytesArgument, at: number): void {
  const into = bytes(target);
  const from = bytes(source);
  if (integer(at, 0, 0x7fffffff) > into.length - from.length) {
    throw new RangeError("bytes do not fit");
  }
  into.set(from, at);
}

/** Overwrites with zeros. */
export function wipe(data: BytesArgument): void {
  bytes(data).fill(0);
}

/** True when both have the same bytes. Stops at the first difference: not for secrets. */
export function equal(a: BytesArgument, b: BytesArgument): boolean {
  const one = bytes(a);
  const other = bytes(b);
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}
