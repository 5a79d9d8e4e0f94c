import { integerToBytes } from "../codec/bytes.ts";

/** ISO/IEC 9797-1:2011, 6.3. */
export type PaddingMethod = 1 | 2 | 3;

/**
 * Fills a message up to whole blocks (ISO/IEC 9797-1:2011, 6.3): 1 zeros, at least one block; 2 `80` and zeros;
 * 3 a block with the length in bits, then as method 1.
 * @param length bytes of a block
 */
export function pad(message: Uint8Array, method: PaddingMethod, length: number): Uint8Array {
  const before = method === 3 ? length : 0;
  const content = message.length + (method === 2 ? 1 : 0);
  const padded = new Uint8Array(before + Math.max(1, Math.ceil(content / length)) * length);
  padded.set(message, before);
  if (method === 2) {
    padded[message.length] = 0x80;
  } else if (method === 3) {
    padded.set(integerToBytes(8 * message.length, length));
  }
  return padded;
}
