import { rotate } from "./hash.ts";

/** SM3 (GB/T 32905-2016, 4.1). */
export const sm3Initial: readonly number[] = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
];

/** GB/T 32905-2016, 5.3. */
export function sm3Compress(state: Uint32Array, block: DataView): void {
  const w = new Int32Array(68);
  for (let j = 0; j < 16; j++) {
    w[j] = block.getInt32(4 * j);
  }
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ rotate(w[j - 3]!, 15);
    w[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13]!, 7) ^ w[j - 6]!;
  }
  const v = Int32Array.from(state, (word) => word | 0);
  for (let j = 0; j < 64; j++) {
    const [a, b, c] = [v[0]!, v[1]!, v[2]!];
    const [e, f, g] = [v[4]!, v[5]!, v[6]!];
    const constant = rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j & 31);
    const ss1 = rotate((rotate(a, 12) + e + constant) | 0, 7);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = ff + v[3]! + (ss1 ^ rotate(a, 12)) + (w[j]! ^ w[j + 4]!);
    const tt2 = (gg + v[7]! + ss1 + w[j]!) | 0;
    v.set([tt1, a, rotate(b, 9), c, tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g]);
  }
  for (let j = 0; j < 8; j++) {
    state[j]! ^= v[j]!;
  }
}
