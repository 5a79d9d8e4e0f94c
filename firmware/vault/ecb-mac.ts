import { wipe, xor } from "../codec/bytes.ts";
import { bytesToHex } from "../codec/hex.ts";
import { asciiToBytes } from "../codec/text.ts";

/** Encrypts one block of eight bytes under the MAC key, of single or double length. */
export type EncryptBlock = (block: Uint8Array) => Uint8Array;

/**
 * UnionPay's ECB MAC: all blocks of eight bytes folded into one (the last filled with zeros), written as sixteen
 * hexadecimal characters, the first eight of them encrypted, folded with the second eight, encrypted again.
 * @returns eight bytes; field 64 is `macField` of them
 */
export function ecbMac(message: Uint8Array, encrypt: EncryptBlock): Uint8Array {
  const expanded = asciiToBytes(bytesToHex(foldBlocks(message)));
  return encrypt(xor(encrypt(expanded.subarray(0, 8)), expanded.subarray(8)));
}

/** Field 64: the first eight hexadecimal characters of a MAC. */
export function macField(mac: Uint8Array): Uint8Array {
  return asciiToBytes(bytesToHex(mac.subarray(0, 4)));
}

/** All blocks of eight bytes, the last filled with zeros, xored: four bytes at a time. */
export function foldBlocks(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((message.length + 7) & ~7);
  padded.set(message);
  const words = new Uint32Array(padded.buffer);
  let left = 0;
  let right = 0;
  for (let i = 0; i < words.length; i += 2) {
    left ^= words[i]!;
    right ^= words[i + 1]!;
  }
  wipe(padded);
  return new Uint8Array(Uint32Array.of(left, right).buffer);
}
