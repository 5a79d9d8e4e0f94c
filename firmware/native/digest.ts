/** The twin of digest.c: hashes and checks over a whole byte string. */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";
import { hash } from "./twin/hash.ts";
import { sha1Compress, sha1Initial } from "./twin/sha1.ts";
import { sha256Compress, sha256Initial } from "./twin/sha256.ts";
import { sm3Compress, sm3Initial } from "./twin/sm3.ts";

/** SHA-1 (FIPS 180-4): 20 bytes. */
export function sha1(data: BytesArgument): Uint8Array {
  return hash(bytes(data), Uint32Array.from(sha1Initial), sha1Compress);
}

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(data: BytesArgument): Uint8Array {
  return hash(bytes(data), Uint32Array.from(sha256Initial), sha256Compress);
}

/** SM3 (GB/T 32905-2016): 32 bytes. */
export function sm3(data: BytesArgument): Uint8Array {
  return hash(bytes(data), Uint32Array.from(sm3Initial), sm3Compress);
}

/**
 * CRC-16 with polynomial 1021, most significant bit first, nothing inverted.
 * @param initial `0xFFFF` for EMVCo QR codes (CRC-16/IBM-3740), 0 for XMODEM, or the check of what came before
 */
export function crc16(data: BytesArgument, initial: number): number {
  let crc = integer(initial, 0, 0xffff);
  for (const byte of bytes(data)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
  }
  return crc;
}

/** What one byte does to the check, by the byte. */
const crcOfByte: readonly number[] = Object.freeze(
  Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
  }),
);

/**
 * CRC-32 (IEEE 802.3, as in zip and PNG).
 * @param initial the check of what came before; 0 when left out
 */
export function crc32(data: BytesArgument, initial = 0): number {
  let crc = ~integer(initial, 0, 0xffffffff);
  const view = bytes(data);
  for (let at = 0; at < view.length; at++) {
    crc = (crc >>> 8) ^ crcOfByte[(crc ^ view[at]!) & 0xff]!;
  }
  return ~crc >>> 0;
}
