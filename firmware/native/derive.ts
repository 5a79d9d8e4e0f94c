/**
 * The twin of derive.c: keys out of keys, without a clear one ever coming out of key memory. The policy - which key may
 * become what - is firmware/vault's. Slots are named by number; a target's old secret is wiped.
 */
import { sha256 } from "./digest.ts";
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";
import type { BlockCipher } from "./twin/cipher.ts";
import { tripleDes } from "./twin/des.ts";
import { type KeyMemory, longestSecret, prepare, put, secretOf } from "./twin/key-memory.ts";

const chained = 1;
const counted = 2;
const dukptMask = Uint8Array.of(192, 192, 192, 192, 0, 0, 0, 0, 192, 192, 192, 192, 0, 0, 0, 0);

/** The secret with the mask laid over it as often as it fits. Throws `RangeError` for an empty slot or another mask. */
export function variant(memory: KeyMemory, slot: number, mask: BytesArgument, target: number): void {
  const secret = full(memory, slot);
  const view = bytes(mask);
  if (view.length === 0 || secret.length % view.length !== 0) {
    throw new RangeError("mask does not fit the key");
  }
  put(
    memory,
    target,
    secret.map((byte, i) => byte ^ view[i % view.length]!),
  );
}

/** Two components of equal length, folded. Throws `RangeError` for other ones. */
export function combine(memory: KeyMemory, slot: number, other: number, target: number): void {
  const secret = full(memory, slot);
  const second = full(memory, other);
  if (second.length !== secret.length) {
    throw new RangeError("components of different lengths");
  }
  put(
    memory,
    target,
    secret.map((byte, i) => byte ^ second[i]!),
  );
}

/** Both secrets, one behind the other. */
export function join(memory: KeyMemory, slot: number, other: number, target: number): void {
  put(memory, target, Uint8Array.of(...full(memory, slot), ...full(memory, other)));
}

/** A piece of the secret, such as one half of a key. Throws `RangeError` where it is shorter. */
export function part(memory: KeyMemory, slot: number, at: number, length: number, target: number): void {
  const secret = full(memory, slot);
  const end = integer(at, 0, longestSecret) + integer(length, 1, longestSecret);
  if (end > secret.length) {
    throw new RangeError("no such part");
  }
  put(memory, target, secret.slice(at, end));
}

/** Bytes in the slot, 0 when it is empty. */
export function size(memory: KeyMemory, slot: number): number {
  return secretOf(memory, slot).length;
}

/** The first `length` bytes of the data, enciphered block by block under the slot's key, become the target's secret. */
export function derive(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  data: BytesArgument,
  target: number,
  length: number,
): void {
  const secret = bytes(data).slice();
  const count = integer(length, 1, longestSecret);
  if (secret.length === 0 || count > secret.length) {
    throw new RangeError("not whole blocks");
  }
  inBlocks(prepare(memory, slot, algorithm, secret.length, false), secret);
  put(memory, target, secret.slice(0, count));
  secret.fill(0);
}

/** The source's secret, enciphered block by block under the slot's key, becomes the target's. */
export function encipher(memory: KeyMemory, slot: number, algorithm: number, source: number, target: number): void {
  const secret = full(memory, source).slice();
  inBlocks(prepare(memory, slot, algorithm, secret.length, false), secret);
  put(memory, target, secret);
}

/**
 * DUKPT's one-way step (ANSI X9.24-1:2009, A.2, "Non-reversible Key Generation Process").
 * @param register the rightmost eight bytes of the key serial number with one more bit of the counter
 */
export function dukpt(memory: KeyMemory, slot: number, register: BytesArgument, target: number): void {
  const key = full(memory, slot).slice();
  const view = bytes(register);
  if (key.length !== 16 || view.length !== 8) {
    throw new RangeError("no DUKPT key of double length");
  }
  const secret = new Uint8Array(16);
  oneWay(key, view, secret.subarray(8));
  addTo(key, dukptMask);
  oneWay(key, view, secret);
  key.fill(0);
  put(memory, target, secret);
}

/**
 * The source's secret, enciphered.
 * @param mode 1 cipher block chaining over whole blocks, 2 counter
 * @param initial one block
 */
export function wrap(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  mode: number,
  initial: BytesArgument,
  source: number,
): Uint8Array {
  const result = full(memory, source).slice();
  const register = firstRegister(memory, slot, algorithm, mode, initial, result.length);
  run(prepare(memory, slot, algorithm, 0, false), mode, false, register, result);
  return result;
}

/** All that was wrapped becomes the target's secret. Modes as for `wrap`. */
export function unwrapBlocks(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  mode: number,
  initial: BytesArgument,
  wrapped: BytesArgument,
  target: number,
): void {
  const secret = bytes(wrapped).slice();
  const register = firstRegister(memory, slot, algorithm, mode, initial, secret.length);
  run(prepare(memory, slot, algorithm, 0, mode === chained), mode, true, register, secret);
  put(memory, target, secret);
}

/** Moves the key behind its length of two bytes, in bits, to the target; false when no such key is in the source. */
export function takeKey(memory: KeyMemory, source: number, target: number): boolean {
  const secret = full(memory, source);
  const bits = secret.length < 2 ? 0 : (secret[0]! << 8) | secret[1]!;
  const length = bits >> 3;
  if (bits === 0 || bits % 8 !== 0 || length > secret.length - 2) {
    return false;
  }
  put(memory, target, secret.slice(2, 2 + length));
  return true;
}

/**
 * CMAC (NIST SP 800-38B) of the data and then of a slot's secret: one block.
 * @param source -1: of the data alone
 */
export function cmac(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  data: BytesArgument,
  source: number,
): Uint8Array {
  const secret = integer(source, -1, 255) < 0 ? new Uint8Array(0) : full(memory, source);
  return cmacOf(prepare(memory, slot, algorithm, 0, false), bytes(data), secret);
}

/**
 * The CMACs of the data's parts, joined and cut to `length` bytes, become the target's secret.
 * @param partLength bytes of each part of the data
 */
export function deriveByCmac(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  data: BytesArgument,
  partLength: number,
  target: number,
  length: number,
): void {
  const cipher = prepare(memory, slot, algorithm, 0, false);
  const view = bytes(data);
  const count = view.length / integer(partLength, 1, 64);
  if (!Number.isInteger(count) || integer(length, 1, 64) > count * cipher.blockLength) {
    throw new RangeError("parts do not fit the key");
  }
  const macs = new Uint8Array(count * cipher.blockLength);
  for (let i = 0; i < count; i++) {
    const mac = cmacOf(cipher, view.subarray(i * partLength, (i + 1) * partLength), new Uint8Array(0));
    macs.set(mac, i * cipher.blockLength);
  }
  put(memory, target, macs.slice(0, length));
  macs.fill(0);
}

/** HMAC with SHA-256 (FIPS 198-1) under a slot's secret of any length: 32 bytes. */
export function hmac(memory: KeyMemory, slot: number, data: BytesArgument): Uint8Array {
  const secret = full(memory, slot);
  const key = secret.length > 64 ? sha256(secret) : secret;
  const inner = sha256(Uint8Array.of(...padOf(key, 0x36), ...bytes(data)));
  return sha256(Uint8Array.of(...padOf(key, 0x5c), ...inner));
}

/** Whether both slots hold the same secret. Throws `RangeError` when one is empty. */
export function same(memory: KeyMemory, slot: number, other: number): boolean {
  const secret = full(memory, slot);
  const second = full(memory, other);
  let difference = secret.length ^ second.length;
  for (let i = 0; i < secret.length; i++) {
    difference |= secret[i]! ^ (second[i] ?? 0);
  }
  return difference === 0;
}

function full(memory: KeyMemory, slot: number): Uint8Array {
  const secret = secretOf(memory, slot);
  if (secret.length === 0) {
    throw new RangeError("nothing in the slot");
  }
  return secret;
}

function inBlocks(cipher: BlockCipher, data: Uint8Array): void {
  for (let at = 0; at < data.length; at += cipher.blockLength) {
    cipher.block(data.subarray(at, at + cipher.blockLength));
  }
}

function addTo(target: Uint8Array, data: Uint8Array): void {
  for (let i = 0; i < target.length; i++) {
    target[i]! ^= data[i]!;
  }
}

/** One half of DUKPT's step: the register folded with the right half, under the left half, folded again. */
function oneWay(key: Uint8Array, register: Uint8Array, half: Uint8Array): void {
  const right = key.subarray(8);
  for (let i = 0; i < 8; i++) {
    half[i] = register[i]! ^ right[i]!;
  }
  tripleDes(key.subarray(0, 8), false).block(half.subarray(0, 8));
  addTo(half.subarray(0, 8), right);
}

/** The initial block, after all checks that the C native makes. */
function firstRegister(
  memory: KeyMemory,
  slot: number,
  algorithm: number,
  mode: number,
  initial: BytesArgument,
  length: number,
): Uint8Array {
  const isChained = integer(mode, chained, counted) === chained;
  const { blockLength } = prepare(memory, slot, algorithm, isChained ? length : 0, false);
  const register = bytes(initial).slice();
  if (register.length !== blockLength) {
    throw new RangeError("no initial block");
  }
  return register;
}

/** Chains or counts over bytes in place. */
function run(cipher: BlockCipher, mode: number, decrypt: boolean, register: Uint8Array, data: Uint8Array): void {
  const size = cipher.blockLength;
  for (let at = 0; at < data.length; at += size) {
    const block = data.subarray(at, at + size);
    if (mode === counted) {
      const stream = register.slice();
      cipher.block(stream);
      addTo(block, stream);
      countUp(register);
    } else if (decrypt) {
      const kept = block.slice();
      cipher.block(block);
      addTo(block, register);
      register.set(kept);
    } else {
      addTo(block, register);
      cipher.block(block);
      register.set(block);
    }
  }
}

function countUp(register: Uint8Array): void {
  for (let place = register.length - 1; place >= 0; place--) {
    register[place]! += 1;
    if (register[place] !== 0) return;
  }
}

/** Times two in the field of the block's size (NIST SP 800-38B, 5.3 and 6.1). */
function double(block: Uint8Array): void {
  const last = block.length - 1;
  const polynomial = block[0]! < 0x80 ? 0 : block.length === 16 ? 0x87 : 0x1b;
  for (let i = 0; i < last; i++) {
    block[i] = (block[i]! << 1) | (block[i + 1]! >> 7);
  }
  block[last] = (block[last]! << 1) ^ polynomial;
}

function cmacOf(cipher: BlockCipher, data: Uint8Array, secret: Uint8Array): Uint8Array {
  const size = cipher.blockLength;
  const total = data.length + secret.length;
  const padded = new Uint8Array(Math.max(size, Math.ceil(total / size) * size));
  padded.set(data);
  padded.set(secret, data.length);
  const subkey = new Uint8Array(size);
  cipher.block(subkey);
  double(subkey);
  if (total !== padded.length) {
    padded[total] = 0x80;
    double(subkey);
  }
  addTo(padded.subarray(padded.length - size), subkey);
  const mac = new Uint8Array(size);
  for (let at = 0; at < padded.length; at += size) {
    addTo(mac, padded.subarray(at, at + size));
    cipher.block(mac);
  }
  padded.fill(0);
  return mac;
}

function padOf(key: Uint8Array, filler: number): Uint8Array {
  return new Uint8Array(64).map((_, i) => (key[i] ?? 0) ^ filler);
}
