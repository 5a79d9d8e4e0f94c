/** A block cipher with a key, in one direction. */
export interface BlockCipher {
  /** 8 or 16 bytes. */
  readonly blockLength: number;
  /** Replaces one block by its image. */
  block(block: Uint8Array): void;
}
