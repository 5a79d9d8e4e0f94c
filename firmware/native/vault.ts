/** The twin of vault.c: key memory. Keys go in and are used; they never come out. */
import { aes } from "./twin/aes.ts";
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";
import type { BlockCipher } from "./twin/cipher.ts";
import { tripleDes } from "./twin/des.ts";
import { sm4 } from "./twin/sm4.ts";

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

function checkKeyLength(length: number): void {
  if (length === 0 || length > 32 || length % 8 !== 0) {
    throw new RangeError("no key length");
  }
}

/** The cipher of a slot for whole blocks of data. Throws `RangeError` for a slot, algorithm or data that do not fit. */
function prepare(memory: KeyMemory, slot: number, algorithm: number, length: number, decrypt: boolean): BlockCipher {
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

function codebook(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  data: BytesArgument,
  decrypt: boolean,
): Uint8Array {
  const result = bytes(data).slice();
  const cipher = prepare(memory, slot, algorithm, result.length, decrypt);
  for (let at = 0; at < result.length; at += cipher.blockLength) {
    cipher.block(result.subarray(at, at + cipher.blockLength));
  }
  return result;
}

/** Makes key memory with 1 to 256 empty slots. Throws `RangeError` for other numbers. */
export function open(slots: number): KeyMemory {
  return new KeyMemory(integer(slots, 1, 256));
}

/** Puts a copy of a key of 8, 16, 24 or 32 bytes into a slot, over what was there. */
export function load(memory: KeyMemory, slot: number, key: BytesArgument): void {
  KeyMemory.get(memory, slot);
  const copy = bytes(key).slice();
  checkKeyLength(copy.length);
  KeyMemory.put(memory, slot, copy);
}

/** Wipes a slot. */
export function erase(memory: KeyMemory, slot: number): void {
  KeyMemory.put(memory, slot, new Uint8Array(0));
}

/**
 * Decrypts a wrapped key (electronic codebook) with the key in `wrappingSlot` and puts it into `slot`, without the
 * clear key ever being in the heap. Throws `RangeError` when lengths, slots or algorithm do not fit.
 */
export function unwrap(
  memory: KeyMemory,
  wrappingSlot: number,
  algorithm: number,
  wrapped: BytesArgument,
  slot: number,
): void {
  KeyMemory.get(memory, slot);
  checkKeyLength(bytes(wrapped).length);
  KeyMemory.put(memory, slot, codebook(memory, wrappingSlot, algorithm, wrapped, true));
}

/** Encrypts whole blocks, each alone (electronic codebook). */
export function encrypt(memory: KeyMemory, slot: number, algorithm: number, data: BytesArgument): Uint8Array {
  return codebook(memory, slot, algorithm, data, false);
}

/** Decrypts whole blocks, each alone (electronic codebook). */
export function decrypt(memory: KeyMemory, slot: number, algorithm: number, data: BytesArgument): Uint8Array {
  return codebook(memory, slot, algorithm, data, true);
}

/**
 * Cipher block chaining that keeps the last block only: the inner loop of MACs.
 * @param initial one block to start from
 * @param data whole blocks; with none the result is `initial`
 */
export function chain(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  initial: BytesArgument,
  data: BytesArgument,
): Uint8Array {
  const view = bytes(data);
  const cipher = prepare(memory, slot, algorithm, view.length, false);
  const last = bytes(initial).slice();
  if (last.length !== cipher.blockLength) {
    throw new RangeError("no initial block");
  }
  for (let at = 0; at < view.length; at += cipher.blockLength) {
    for (let i = 0; i < cipher.blockLength; i++) {
      last[i]! ^= view[at + i]!;
    }
    cipher.block(last);
  }
  return last;
}
