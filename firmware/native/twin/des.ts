import type { BlockCipher } from "./cipher.ts";
import {
  finalPermutation,
  initialPermutation,
  keyChoice1,
  keyChoice2,
  roundPermutation,
  sBoxes,
} from "./des-tables.ts";

/** Bits, one an element: the standard's own way of counting them. */
type Bits = readonly number[];

/** What each S-box adds to the half after the round permutation, by its six input bits. */
const substitutions: readonly Int32Array[] = sBoxes.map((digits, box) =>
  Int32Array.from({ length: 64 }, (_, six) => {
    const nibble = Number.parseInt(digits[(six & 32) | ((six & 1) << 4) | ((six >> 1) & 15)]!, 16);
    let word = 0;
    roundPermutation.forEach((source, target) => {
      const bit = source - 1 - 4 * box;
      if (bit >= 0 && bit < 4 && nibble & (8 >> bit)) {
        word |= 1 << (31 - target);
      }
    });
    return word;
  }),
);

/**
 * DES or triple DES (FIPS 46-3) with a key of 8, 16 (first part used again as the third) or 24 bytes.
 * Parity bits are not looked at.
 */
export function tripleDes(key: Uint8Array, decrypt: boolean): BlockCipher {
  const parts = [0, key.length > 8 ? 8 : 0, key.length > 16 ? 16 : 0].map((at) => schedule(key.subarray(at, at + 8)));
  if (decrypt) {
    parts.reverse();
  }
  parts.forEach((keys, i) => {
    if (decrypt !== (i === 1)) {
      keys.reverse();
    }
  });
  return { blockLength: 8, block: (block) => transform(block, parts) };
}

function toBits(bytes: Uint8Array): Bits {
  return Array.from({ length: 8 * bytes.length }, (_, i) => (bytes[i >> 3]! >> (7 - (i & 7))) & 1);
}

function choose(bits: Bits, table: readonly number[]): Bits {
  return table.map((position) => bits[position - 1]!);
}

function toNumber(bits: Bits): number {
  return bits.reduce((value, bit) => (value << 1) | bit, 0);
}

/** Sixteen round keys of eight chunks of six bits. */
function schedule(key: Uint8Array): number[][] {
  let halves = choose(toBits(key), keyChoice1);
  const keys: number[][] = [];
  for (let round = 0; round < 16; round++) {
    const shift = round < 2 || round === 8 || round === 15 ? 1 : 2;
    const [c, d] = [halves.slice(0, 28), halves.slice(28)];
    halves = [...c.slice(shift), ...c.slice(0, shift), ...d.slice(shift), ...d.slice(0, shift)];
    const subkey = choose(halves, keyChoice2);
    keys.push(Array.from({ length: 8 }, (_, i) => toNumber(subkey.slice(6 * i, 6 * i + 6))));
  }
  return keys;
}

function feistel(right: number, key: readonly number[]): number {
  let word = 0;
  for (let i = 0; i < 8; i++) {
    const turn = (27 - 4 * i) & 31;
    const six = (((right >>> turn) | (right << (32 - turn))) & 63) ^ key[i]!;
    word |= substitutions[i]![six]!;
  }
  return word;
}

function permute(left: number, right: number, table: readonly number[], first: number): number {
  let word = 0;
  for (let i = first; i < first + 32; i++) {
    const bit = table[i]! - 1;
    word = (word << 1) | (((bit < 32 ? left : right) >>> (31 - (bit & 31))) & 1);
  }
  return word;
}

/** Between two of the three passes the permutations undo each other. */
function transform(block: Uint8Array, passes: readonly number[][][]): void {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  const [high, low] = [view.getInt32(0), view.getInt32(4)];
  let left = permute(high, low, initialPermutation, 0);
  let right = permute(high, low, initialPermutation, 32);
  for (const keys of passes) {
    for (const key of keys) {
      [left, right] = [right, left ^ feistel(right, key)];
    }
    [left, right] = [right, left];
  }
  view.setInt32(0, permute(left, right, finalPermutation, 0));
  view.setInt32(4, permute(left, right, finalPermutation, 32));
}
