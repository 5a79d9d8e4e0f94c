/** Byte helpers of the world's side: plain functions over `Uint8Array`, independent of the firmware's own. */

/** Where random bytes come from: the world's seeded generator. */
export interface RandomBytes {
  bytes(length: number): Uint8Array;
}

/** Upper-case hex, two digits a byte. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex").toUpperCase();
}

/** The bytes of a hex string; spaces are allowed. Throws `RangeError` on anything else, without quoting it. */
export function fromHex(text: string): Uint8Array {
  const plain = Buffer.from(text, "hex");
  if (plain.length * 2 === text.length) return new Uint8Array(plain);
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError("not a hex string");
  return new Uint8Array(Buffer.from(digits, "hex"));
}

/** All parts in one new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bitwise exclusive or of two arrays of one length. */
export function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== right.length) throw new RangeError("xor needs equal lengths");
  return left.map((byte, index) => byte ^ right[index]!);
}

/** True when both have the same bytes. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

/** ASCII (Latin-1) text as bytes. */
export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** Bytes as ASCII (Latin-1) text. */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** A whole number as packed BCD of `length` bytes, right-aligned. */
export function numberToBcd(value: number, length: number): Uint8Array {
  return fromHex(String(value).padStart(length * 2, "0"));
}
