import { equal, join } from "#native/bytes";

/**
 * `equal` stops at the first difference: not for secrets. `wipe` overwrites with zeros: for PIN digits, card numbers and keys, as
 * soon as they are used.
 */
export { copy, equal, parity, sum, wipe } from "#native/bytes";

/** Joins byte strings into a new one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return join(parts);
}

/**
 * True where the piece stands somewhere in the bytes. The engine looks for one byte of the piece, so that thousands of
 * bytes cost a few steps here.
 * @param rare place in the piece of its byte that comes least often
 */
export function holds(bytes: Uint8Array, piece: Uint8Array, rare: number): boolean {
  const byte = piece[rare]!;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) {
    const start = at - rare;
    if (start >= 0 && equal(bytes.subarray(start, start + piece.length), piece)) return true;
  }
  return false;
}

/** Compares a MAC or a check value in a time that depends on the lengths alone. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) {
    return false;
  }
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= a[i]! ^ b[i]!;
  }
  return difference === 0;
}

/** A new byte string, `a` xor `b`. Throws `RangeError` when the lengths differ. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) {
    throw new RangeError("xor needs equal lengths");
  }
  const result = new Uint8Array(a);
  for (let i = 0; i < result.length; i++) {
    result[i]! ^= b[i]!;
  }
  return result;
}

/** Big-endian bytes of an integer below 2^53. Throws `RangeError` when it needs more than `length` bytes. */
export function integerToBytes(value: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError("not a safe natural number");
  }
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest !== 0) {
    throw new RangeError("number too large for its length");
  }
  return bytes;
}

/** The integer in big-endian bytes. Throws `RangeError` above 2^53 - 1. */
export function bytesToInteger(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) {
    value = value * 256 + byte;
  }
  if (!Number.isSafeInteger(value)) {
    throw new RangeError("number above 2^53 - 1");
  }
  return value;
}
