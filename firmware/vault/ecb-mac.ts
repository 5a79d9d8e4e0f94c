import { fold } from "#native/bytes";
import { xor } from "../codec/bytes.ts";
import { bytesToHex } from "../codec/hex.ts";
import { asciiToBytes } from "../codec/text.ts";

const blockBytes = 8;

/** Encrypts one block of eight bytes under the MAC key, of single or double length. */
export type EncryptBlock = (block: Uint8Array) => Uint8Array;

/**
 * UnionPay's ECB MAC: all blocks of eight bytes folded into one (the last filled with zeros), written as sixteen
 * hexadecimal characters, the first eight of them encrypted, folded with the second eight, encrypted again.
 * @returns eight bytes; field 64 is `macField` of them
 */
export function ecbMac(message: Uint8Array, encrypt: EncryptBlock): Uint8Array {
  const expanded = asciiToBytes(bytesToHex(fold(message, blockBytes)));
  return encrypt(xor(encrypt(expanded.subarray(0, 8)), expanded.subarray(8)));
}

/** Field 64: the first eight hexadecimal characters of a MAC. */
export function macField(mac: Uint8Array): Uint8Array {
  return asciiToBytes(bytesToHex(mac.subarray(0, 4)));
}
