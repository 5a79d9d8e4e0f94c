/** Writing DER (X.690), as far as certificates need it. */
import { concat } from "../bytes.ts";

/** One value: its tag, and its content in parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  const { length } = content;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return concat(Uint8Array.from(head), content);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
export const octets = (content: Uint8Array): Uint8Array => der(0x04, content);
export const bits = (content: Uint8Array, unused = 0): Uint8Array => der(0x03, Uint8Array.of(unused), content);
export const yes = (): Uint8Array => der(0x01, Uint8Array.of(0xff));
export const text = (value: string): Uint8Array => der(0x0c, new TextEncoder().encode(value));

/** A natural number from its big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  return der(0x02, bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

/** An object identifier from its dotted text. */
export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const content = [first * 40 + second];
  for (const number of rest) {
    const groups = [number & 0x7f];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    content.push(...groups);
  }
  return der(0x06, Uint8Array.from(content));
}

/** UTCTime up to 2049, GeneralizedTime after it (RFC 5280, 4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
  const ascii = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, "ascii"));
  return date.getUTCFullYear() < 2050 ? der(0x17, ascii(digits.slice(2))) : der(0x18, ascii(digits));
}
