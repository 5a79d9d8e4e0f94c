import { hexToBytes } from "../../codec/hex.ts";
import type { BlockCipher } from "./cipher.ts";

const sBox = hexToBytes(
  "637c777bf26b6fc53001672bfed7ab76ca82c97dfa5947f0add4a2af9ca472c0" +
    "b7fd9326363ff7cc34a5e5f171d8311504c723c31896059a071280e2eb27b275" +
    "09832c1a1b6e5aa0523bd6b329e32f8453d100ed20fcb15b6acbbe394a4c58cf" +
    "d0efaafb434d338545f9027f503c9fa851a3408f929d38f5bcb6da2110fff3d2" +
    "cd0c13ec5f974417c4a77e3d645d197360814fdc222a908846eeb814de5e0bdb" +
    "e0323a0a4906245cc2d3ac629195e479e7c8376d8dd54ea96c56f4ea657aae08" +
    "ba78252e1ca6b4c6e8dd741f4bbd8b8a703eb5664803f60e613557b986c11d9e" +
    "e1f8981169d98e949b1e87e9ce5528df8ca1890dbfe6426841992d0fb054bb16",
);

const inverseSBox = hexToBytes(
  "52096ad53036a538bf40a39e81f3d7fb7ce339829b2fff87348e4344c4dee9cb" +
    "547b9432a6c2233dee4c950b42fac34e082ea16628d924b2765ba2496d8bd125" +
    "72f8f66486689816d4a45ccc5d65b6926c704850fdedb9da5e154657a78d9d84" +
    "90d8ab008cbcd30af7e45805b8b34506d02c1e8fca3f0f02c1afbd0301138a6b" +
    "3a9111414f67dcea97f2cfcef0b4e67396ac7422e7ad3585e2f937e81c75df6e" +
    "47f11a711d29c5896fb7620eaa18be1bfc563e4bc6d279209adbc0fe78cd5af4" +
    "1fdda8338807c731b11210592780ec5f60517fa919b54a0d2de57a9f93c99cef" +
    "a0e03b4dae2af5b0c8ebbb3c83539961172b047eba77d626e169146355210c7d",
);

/** AES (FIPS 197) with a key of 16, 24 or 32 bytes. */
export function aes(key: Uint8Array, decrypt: boolean): BlockCipher {
  const rounds = key.length / 4 + 6;
  const keys = expand(key, 16 * (rounds + 1));
  return {
    blockLength: 16,
    block: decrypt ? (state) => decryptBlock(state, keys, rounds) : (state) => encryptBlock(state, keys, rounds),
  };
}

function twice(value: number): number {
  return ((value << 1) ^ ((value >> 7) * 0x11b)) & 0xff;
}

/** FIPS 197, 5.2. */
function expand(key: Uint8Array, total: number): Uint8Array {
  const w = new Uint8Array(total);
  w.set(key);
  let constant = 1;
  for (let at = key.length; at < total; at += 4) {
    let word = [w[at - 4]!, w[at - 3]!, w[at - 2]!, w[at - 1]!];
    if (at % key.length === 0) {
      word = [word[1]!, word[2]!, word[3]!, word[0]!].map((byte) => sBox[byte]!);
      word[0]! ^= constant;
      constant = twice(constant);
    } else if (key.length === 32 && at % 32 === 16) {
      word = word.map((byte) => sBox[byte]!);
    }
    for (let i = 0; i < 4; i++) {
      w[at + i] = w[at - key.length + i]! ^ word[i]!;
    }
  }
  return w;
}

function addKey(state: Uint8Array, keys: Uint8Array, round: number): void {
  for (let i = 0; i < 16; i++) {
    state[i]! ^= keys[16 * round + i]!;
  }
}

function mixColumns(state: Uint8Array): void {
  for (let column = 0; column < 16; column += 4) {
    const first = state[column]!;
    const all = first ^ state[column + 1]! ^ state[column + 2]! ^ state[column + 3]!;
    for (let i = 0; i < 4; i++) {
      const next = i < 3 ? state[column + i + 1]! : first;
      state[column + i]! ^= all ^ twice(state[column + i]! ^ next);
    }
  }
}

function encryptBlock(block: Uint8Array, keys: Uint8Array, rounds: number): void {
  const state = new Uint8Array(16);
  addKey(block, keys, 0);
  for (let round = 1; round <= rounds; round++) {
    for (let i = 0; i < 16; i++) {
      state[i] = sBox[block[(i + 4 * (i & 3)) & 15]!]!;
    }
    if (round < rounds) {
      mixColumns(state);
    }
    addKey(state, keys, round);
    block.set(state);
  }
}

/** The inverse of MixColumns is MixColumns after a simpler matrix (FIPS 197, 5.3.3). */
function unmixColumns(state: Uint8Array): void {
  for (let i = 0; i < 16; i += 4) {
    const even = twice(twice(state[i]! ^ state[i + 2]!));
    const odd = twice(twice(state[i + 1]! ^ state[i + 3]!));
    state[i]! ^= even;
    state[i + 1]! ^= odd;
    state[i + 2]! ^= even;
    state[i + 3]! ^= odd;
  }
  mixColumns(state);
}

function decryptBlock(block: Uint8Array, keys: Uint8Array, rounds: number): void {
  const state = new Uint8Array(16);
  for (let round = rounds; round > 0; round--) {
    addKey(block, keys, round);
    if (round < rounds) {
      unmixColumns(block);
    }
    for (let i = 0; i < 16; i++) {
      state[(i + 4 * (i & 3)) & 15] = inverseSBox[block[i]!]!;
    }
    block.set(state);
  }
  addKey(block, keys, 0);
}
