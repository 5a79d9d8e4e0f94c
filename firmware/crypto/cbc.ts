import { decrypt, encrypt } from "#native/vault";
import { concat, xor } from "../codec/bytes.ts";
import { blockLength, type CipherKey } from "./algorithms.ts";

/** Cipher block chaining over whole blocks (NIST SP 800-38A, 6.2). */
export function cbcEncrypt(key: CipherKey, initial: Uint8Array, data: Uint8Array): Uint8Array {
  const length = blockLength(key.algorithm);
  const blocks: Uint8Array[] = [];
  let last = initial;
  for (let at = 0; at < data.length; at += length) {
    last = encrypt(key.memory, key.slot, key.algorithm, xor(last, data.subarray(at, at + length)));
    blocks.push(last);
  }
  return concat(blocks);
}

/** The inverse of `cbcEncrypt`. */
export function cbcDecrypt(key: CipherKey, initial: Uint8Array, data: Uint8Array): Uint8Array {
  const before = data.subarray(0, data.length - blockLength(key.algorithm));
  const clear = decrypt(key.memory, key.slot, key.algorithm, data);
  return data.length === 0 ? clear : xor(clear, concat([initial, before]));
}
