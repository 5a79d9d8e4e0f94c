import { cmac as cmacOver } from "#native/derive";
import { chain, decrypt, encrypt } from "#native/vault";
import { blockLength, type CipherKey } from "./algorithms.ts";

/**
 * MAC algorithm 1 (ISO/IEC 9797-1:2011, 7.2), CBC-MAC: the whole last block.
 * @param padded whole blocks, padded by `pad`
 */
export function cbcMac(key: CipherKey, padded: Uint8Array): Uint8Array {
  return chain(key.memory, key.slot, key.algorithm, new Uint8Array(blockLength(key.algorithm)), padded);
}

/**
 * MAC algorithm 3 (ISO/IEC 9797-1:2011, 7.4; ANSI X9.19), "retail MAC": CBC-MAC under the first key, the last block
 * then decrypted under the second and encrypted under the first.
 * @param padded whole blocks, padded by `pad`
 */
export function retailMac(first: CipherKey, second: CipherKey, padded: Uint8Array): Uint8Array {
  const last = decrypt(second.memory, second.slot, second.algorithm, cbcMac(first, padded));
  return encrypt(first.memory, first.slot, first.algorithm, last);
}

/** CMAC (NIST SP 800-38B; ISO/IEC 9797-1 algorithm 5): one whole block; the caller cuts it from the left. */
export function cmac(key: CipherKey, message: Uint8Array): Uint8Array {
  return cmacOver(key.memory, key.slot, key.algorithm, message, -1);
}
