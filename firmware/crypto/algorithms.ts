import type { KeyMemory } from "#native/vault";

/** The block ciphers of `#native/vault`, by the numbers its functions take. */
export const algorithm = Object.freeze({ des: 0, tdes: 1, aes: 2, sm4: 3 });

/** How blocks follow each other in `#native/derive`, by the numbers its functions take. */
export const cipherMode = Object.freeze({ chained: 1, counter: 2 });

/** One of the numbers in `algorithm`. */
export type Algorithm = (typeof algorithm)[keyof typeof algorithm];

/** A key by its place, never by its bytes. */
export interface CipherKey {
  readonly memory: KeyMemory;
  readonly slot: number;
  readonly algorithm: Algorithm;
}

/** Bytes of one block: 8 for DES and triple DES, 16 for AES and SM4. */
export function blockLength(cipher: Algorithm): 8 | 16 {
  return cipher === algorithm.des || cipher === algorithm.tdes ? 8 : 16;
}
