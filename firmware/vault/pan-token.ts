import type { Random } from "../../hal/device.ts";
import { FormatError } from "../codec/errors.ts";
import { asciiDigits, checkDigits, pack, unpack } from "./pin-block.ts";

/** One AES block. */
export const tokenLength = 16;
const leastPan = 8;
const mostPan = 19;
const packedPan = 10;

/**
 * What is enciphered for a PAN: its length, its digits in packed decimal filled with F, five bytes of chance, so that
 * equal PANs give different tokens. Throws `FormatError` unless it has 8 to 19 digits.
 */
export function encodePanToken(pan: Uint8Array, random: Random): Uint8Array {
  if (pan.length < leastPan || pan.length > mostPan) throw new FormatError("pan", 0, "8 to 19 digits expected");
  checkDigits(pan, "pan");
  const nibbles = new Uint8Array(2 * packedPan).fill(15);
  for (let i = 0; i < pan.length; i++) nibbles[i] = pan[i]! & 15;
  const clear = new Uint8Array(tokenLength);
  clear[0] = pan.length;
  const packed = pack(nibbles);
  clear.set(packed, 1);
  clear.set(random.read(tokenLength - packedPan - 1), packedPan + 1);
  packed.fill(0);
  nibbles.fill(0);
  return clear;
}

/** The PAN, ASCII. Throws `FormatError` for what another key or another terminal made. */
export function decodePanToken(clear: Uint8Array): Uint8Array {
  const length = clear[0]!;
  const nibbles = unpack(clear.subarray(1, 1 + packedPan));
  const fits = length >= leastPan && length <= mostPan && nibbles.subarray(length).every((nibble) => nibble === 15);
  if (!fits) {
    nibbles.fill(0);
    throw new FormatError("pan token", 0, "not of this terminal");
  }
  const pan = asciiDigits(nibbles.subarray(0, length));
  nibbles.fill(0);
  return pan;
}
