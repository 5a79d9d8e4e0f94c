/** A card number on its way between terminal and host: 16 bytes, length, packed digits filled with F, five bytes of chance. */
import { concat, fromHex, hex, type RandomBytes } from "./bytes.ts";

/** Bytes of a token, clear or enciphered. */
export const TOKEN_LENGTH = 16;
const PACKED = 10;
const CHANCE = TOKEN_LENGTH - PACKED - 1;

/** The clear token of a card number. */
export function writePanToken(pan: string, random: RandomBytes): Uint8Array {
  return concat(Uint8Array.of(pan.length), fromHex(pan.padEnd(PACKED * 2, "F")), random.bytes(CHANCE));
}

/** The card number of a clear token; undefined when it is none. */
export function readPanToken(clear: Uint8Array): string | undefined {
  const length = clear[0] ?? 0;
  const digits = hex(clear.subarray(1, 1 + PACKED));
  const pan = digits.slice(0, length);
  const fits = length >= 8 && length <= 19 && /^\d+$/.test(pan) && /^F+$/.test(digits.slice(length));
  return fits ? pan : undefined;
}
