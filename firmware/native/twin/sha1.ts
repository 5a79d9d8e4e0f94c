import { rotate } from "./hash.ts";

/** SHA-1 (FIPS 180-4, 5.3.1). */
export const sha1Initial: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/** FIPS 180-4, 6.1.2. */
export function sha1Compress(state: Uint32Array, block: DataView): void {
  const w = new Int32Array(80);
  for (let t = 0; t < 16; t++) {
    w[t] = block.getInt32(4 * t);
  }
  for (let t = 16; t < 80; t++) {
    w[t] = rotate(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let t = 0; t < 80; t++) {
    const next = (rotate(a, 5) + mix(t, b, c, d) + e + w[t]!) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) {
    return ((b & c) | (~b & d)) + 0x5a827999;
  }
  if (t < 40) {
    return (b ^ c ^ d) + 0x6ed9eba1;
  }
  return t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
}
