/** The twin of vault.c: key memory. Keys go in and are used; they never come out. */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";
import { KeyMemory, prepare, put } from "./twin/key-memory.ts";

export type { KeyMemory } from "./twin/key-memory.ts";

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

/** Puts a copy of a key of 1 to 1,024 bytes into a slot, over what was there; ciphers take those of their lengths. */
export function load(memory: KeyMemory, slot: number, key: BytesArgument): void {
  KeyMemory.get(memory, slot);
  put(memory, slot, bytes(key).slice());
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
  const { length } = bytes(wrapped);
  if (length === 0 || length > 32 || length % 8 !== 0) {
    throw new RangeError("no key length");
  }
  put(memory, slot, codebook(memory, wrappingSlot, algorithm, wrapped, true));
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
