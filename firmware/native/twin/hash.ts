/** One 512-bit block into the state, both as 32-bit words. */
export type Compress = (state: Uint32Array, block: DataView) => void;

/** Rotates a 32-bit word left. */
export function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/**
 * Pads and hashes (FIPS 180-4, 5.1.1; the same in GB/T 32905-2016): 80, zeros, the length in bits as 64 bits.
 * @param before bytes, whole blocks, that have gone into the state already
 */
export function hash(data: Uint8Array, state: Uint32Array, compress: Compress, before = 0): Uint8Array {
  const padded = new Uint8Array((data.length + 72) & ~63);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((before + data.length) / 0x20000000));
  view.setUint32(padded.length - 4, (before + data.length) << 3);
  for (let at = 0; at < padded.length; at += 64) {
    compress(state, new DataView(padded.buffer, at, 64));
  }
  const result = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((word, i) => {
    result.setUint32(4 * i, word);
  });
  return new Uint8Array(result.buffer);
}
