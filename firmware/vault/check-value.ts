import { encrypt } from "#native/vault";
import { bytesToHex } from "../codec/hex.ts";
import { algorithm, blockLength, type CipherKey } from "../crypto/algorithms.ts";
import { cmac } from "../crypto/mac.ts";

/** Key check value of the older kind: the beginning of a block of zeros under the key. */
export function zerosCheckValue(key: CipherKey, length: number): Uint8Array {
  const zeros = new Uint8Array(blockLength(key.algorithm));
  return encrypt(key.memory, key.slot, key.algorithm, zeros).slice(0, length);
}

/** Key check value for AES keys: the beginning of the CMAC of a block of zeros (ANSI X9.24-1:2017, annex A). */
export function cmacCheckValue(key: CipherKey, length: number): Uint8Array {
  return cmac(key, new Uint8Array(blockLength(key.algorithm))).slice(0, length);
}

/** The check value of a key in hexadecimal: six digits of DES, ten of AES. */
export function checkValueOf(key: CipherKey): string {
  return bytesToHex(key.algorithm === algorithm.aes ? cmacCheckValue(key, 5) : zerosCheckValue(key, 3));
}
