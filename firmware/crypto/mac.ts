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
  const length = blockLength(key.algorithm);
  const rest = message.length % length;
  const whole = message.length > 0 && rest === 0;
  const blocks = new Uint8Array(whole ? message.length : message.length - rest + length);
  blocks.set(message);
  if (!whole) {
    blocks[message.length] = 0x80;
  }
  const zeros = new Uint8Array(length);
  const subkey = doubled(encrypt(key.memory, key.slot, key.algorithm, zeros));
  addTo(blocks, blocks.length - length, whole ? subkey : doubled(subkey));
  return chain(key.memory, key.slot, key.algorithm, zeros, blocks);
}

/** Times two in the field of the block's size (SP 800-38B, 5.3 and 6.1). */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(block.length);
  const polynomial = block.length === 16 ? 0x87 : 0x1b;
  for (let i = 0; i < block.length; i++) {
    result[i] = (block[i]! << 1) | ((block[i + 1] ?? 0) >> 7);
  }
  result[block.length - 1]! ^= block[0]! & 0x80 ? polynomial : 0;
  return result;
}

function addTo(target: Uint8Array, offset: number, block: Uint8Array): void {
  for (let i = 0; i < block.length; i++) {
    target[offset + i]! ^= block[i]!;
  }
}
