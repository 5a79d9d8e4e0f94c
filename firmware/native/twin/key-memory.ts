/** The twin of key-memory.h: slots of secret bytes, and ciphers keyed from them. Only natives' twins import this. */
import { aes } from "./aes.ts";
import { integer } from "./arguments.ts";
import type { BlockCipher } from "./cipher.ts";
import { tripleDes } from "./des.ts";
import { sm4 } from "./sm4.ts";

/** The order of the numbers in firmware/crypto/algorithms.ts: DES, triple DES, AES, SM4. */
const algorithms: readonly {
  readonly blockLength: number;
  readonly keyLengths: readonly number[];
  readonly prepare: (key: Uint8Array, decrypt: boolean) => BlockCipher;
}[] = [
  { blockLength: 8, keyLengths: [8], prepare: tripleDes },
  { blockLength: 8, keyLengths: [16, 24], prepare: tripleDes },
  { blockLength: 16, keyLengths: [16, 24, 32], prepare: aes },
  { blockLength: 16, keyLengths: [16], prepare: sm4 },
];

interface Slot {
  readonly key: Uint8Array;
  /** Ciphers with this key that were made before, by algorithm and direction. */
  readonly ciphers: Map<string, BlockCipher>;
}

/**
 * Slots for keys: opaque to everyone outside this module, who can have its type but not its value. On the device its
 * bytes lie in C memory, outside the heap.
 */
export class KeyMemory {
  readonly #slots: Slot[];

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, () => ({ key: new Uint8Array(0), ciphers: new Map() }));
  }

  static get(memory: KeyMemory, slot: number): Slot {
    if (!(memory instanceof KeyMemory)) {
      throw new TypeError("key memory missing");
    }
    return memory.#slots[integer(slot, 0, memory.#slots.length - 1)]!;
  }

  static put(memory: KeyMemory, slot: number, key: Uint8Array): void {
    KeyMemory.get(memory, slot).key.fill(0);
    memory.#slots[slot] = { key, ciphers: new Map() };
  }
}

/** Bytes of the longest secret that a slot takes. */
export const longestSecret = 1024;

/** What a slot holds, nothing when it is empty: for `derive.ts`, which has no other way in. */
export function secretOf(memory: KeyMemory, slot: number): Uint8Array {
  return KeyMemory.get(memory, slot).key;
}

/** Puts a secret into a slot, over what was there. Throws `RangeError` for a length that no slot has. */
export function put(memory: KeyMemory, slot: number, secret: Uint8Array): void {
  if (secret.length === 0 || secret.length > longestSecret) {
    throw new RangeError("no key length");
  }
  KeyMemory.put(memory, slot, secret);
}

/** The cipher of a slot for whole blocks of data. Throws `RangeError` for a slot, algorithm or data that do not fit. */
export function prepare(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  length: number,
  decrypt: boolean,
): BlockCipher {
  const { blockLength, keyLengths, prepare } = algorithms[integer(algorithm, 0, algorithms.length - 1)]!;
  if (length % blockLength !== 0) {
    throw new RangeError("not whole blocks");
  }
  const { key, ciphers } = KeyMemory.get(memory, slot);
  if (!keyLengths.includes(key.length)) {
    throw new RangeError("no key for this algorithm in the slot");
  }
  const name = `${algorithm} ${decrypt}`;
  const cipher = ciphers.get(name) ?? prepare(key, decrypt);
  ciphers.set(name, cipher);
  return cipher;
}
