import { sha256 } from "#native/digest";
import { concat, wipe } from "../codec/bytes.ts";

/** SHA-256 takes its message in blocks of this size. */
const hashBlock = 64;

/**
 * HMAC with SHA-256 (FIPS 198-1; ISO/IEC 9797-2 algorithm 2): 32 bytes.
 * @param key any length; it stays the caller's to wipe
 */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > hashBlock ? sha256(key) : key;
  const inner = keyed(short, 0x36, message);
  const outer = keyed(short, 0x5c, sha256(inner));
  const mac = sha256(outer);
  wipe(inner);
  wipe(outer);
  return mac;
}

function keyed(key: Uint8Array, filler: number, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(hashBlock).fill(filler);
  for (let i = 0; i < key.length; i++) {
    block[i]! ^= key[i]!;
  }
  const joined = concat([block, message]);
  wipe(block);
  return joined;
}
