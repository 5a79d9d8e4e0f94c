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

/** Bytes of a block of SHA-256, and of the longest salt. */
const blockLength = 64;

/**
 * Takes the next part of what is too long to be held into a SHA-256. Throws `RangeError` where the part is not whole
 * blocks of 64 bytes, or more than 4 GB were taken.
 * @param state 36 bytes: zeros before the first part, then this function's own
 */
export function sha256Part(state: BytesArgument, data: BytesArgument): void {
  const kept = bytes(state);
  const { words, blocks } = sha256StateOf(kept);
  const part = bytes(data);
  const more = part.length / blockLength;
  if (!Number.isInteger(more) || blocks + more > mostBlocks) throw new RangeError("no whole blocks");
  for (let at = 0; at < part.length; at += blockLength) {
    sha256Compress(words, new DataView(part.buffer, part.byteOffset + at, blockLength));
  }
  if (more === 0) return;
  const view = new DataView(kept.buffer, kept.byteOffset);
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word);
  view.setUint32(32, blocks + more);
}

/** The SHA-256 of all parts and of the last bytes, as many as there are left: 32 bytes. The state stays as it is. */
export function sha256End(state: BytesArgument, data: BytesArgument): Uint8Array {
  const { words, blocks } = sha256StateOf(bytes(state));
  if (blocks > mostBlocks) throw new RangeError("no whole blocks");
  return hash(bytes(data), words, sha256Compress, blocks * blockLength);
}

/** So that the length in bytes stays below 2^32. */
const mostBlocks = 0x3ffffff;

function sha256StateOf(kept: Uint8Array): { readonly words: Uint32Array; readonly blocks: number } {
  if (kept.length !== 36) throw new RangeError("no state of SHA-256");
  const view = new DataView(kept.buffer, kept.byteOffset);
  const blocks = view.getUint32(32);
  const words = blocks === 0 ? sha256Initial : sha256Initial.map((_, i) => view.getUint32(4 * i));
  return { words: Uint32Array.from(words), blocks };
}

/**
 * PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2): the first 32 bytes. Throws `RangeError` for a salt of more than 64 bytes.
 * @param password stays the caller's to wipe
 */
export function pbkdf2(password: BytesArgument, salt: BytesArgument, iterations: number): Uint8Array {
  const rounds = integer(iterations, 1, 0x7fffffff);
  const secret = bytes(password);
  const salted = bytes(salt);
  if (salted.length > blockLength) throw new RangeError("salt too long");
  const key = new Uint8Array(blockLength);
  key.set(secret.length > blockLength ? sha256(secret) : secret);
  const inner = key.map((byte) => byte ^ 0x36);
  const outer = key.map((byte) => byte ^ 0x5c);
  const first = sha256(joined(outer, sha256(joined(inner, salted, Uint8Array.of(0, 0, 0, 1)))));
  const sum = first.slice();
  // From here on each HMAC is one block behind the key's, in both of its hashes.
  const states = [inner, outer].map((pad) => {
    const state = Uint32Array.from(sha256Initial);
    sha256Compress(state, new DataView(pad.buffer));
    return state;
  });
  const block = new Uint8Array(blockLength);
  const view = new DataView(block.buffer);
  block[32] = 0x80;
  view.setUint32(60, (blockLength + 32) * 8);
  block.set(first);
  for (let round = 1; round < rounds; round++) {
    for (const begun of states) {
      const state = begun.slice();
      sha256Compress(state, view);
      for (let i = 0; i < 8; i++) view.setUint32(4 * i, state[i]!);
    }
    for (let i = 0; i < 32; i++) sum[i]! ^= block[i]!;
  }
  for (const used of [key, inner, outer, block]) used.fill(0);
  return sum;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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
