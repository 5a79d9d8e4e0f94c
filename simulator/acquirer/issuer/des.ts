/** DES and Triple DES on whole blocks, and the MACs EMV builds on them, by `node:crypto`. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { concat, equal } from "../bytes.ts";

const BLOCK = 8;

/** A key of 8, 16 or 24 bytes stretched to three parts; a single-length key makes Triple DES equal to DES. */
function threeParts(key: Uint8Array): Uint8Array {
  if (key.length === 24) return key;
  if (key.length === 16) return concat(key, key.subarray(0, BLOCK));
  if (key.length === BLOCK) return concat(key, key, key);
  throw new RangeError("a DES key has 8, 16 or 24 bytes");
}

/** Refuses a key that is not double length (16 bytes). */
export function needDoubleLength(key: Uint8Array): void {
  if (key.length !== 16) throw new RangeError("the key must have 16 bytes");
}

type Direction = "encrypt" | "decrypt";

const makers = { encrypt: createCipheriv, decrypt: createDecipheriv } as const;

/** A cipher that is ready, and the key it was made for, byte by byte: an array may be filled with another key. */
interface Ready {
  readonly key: Uint8Array;
  readonly update: (data: Uint8Array) => Buffer;
}

/** ECB has no memory between blocks, so that one cipher serves a key for ever. */
const ready: Readonly<Record<Direction, WeakMap<Uint8Array, Ready>>> = {
  encrypt: new WeakMap(),
  decrypt: new WeakMap(),
};

function readyCipher(key: Uint8Array, direction: Direction): Ready {
  const known = ready[direction].get(key);
  if (known && equal(known.key, key)) return known;
  const cipher = makers[direction]("des-ede3", threeParts(key), null);
  cipher.setAutoPadding(false);
  const made = { key: Uint8Array.from(key), update: (data: Uint8Array) => cipher.update(data) };
  ready[direction].set(key, made);
  return made;
}

function needBlocks(data: Uint8Array): void {
  if (data.length % BLOCK !== 0) throw new RangeError("data is not whole 8-byte blocks");
}

function runEcb(key: Uint8Array, data: Uint8Array, direction: Direction): Uint8Array {
  needBlocks(data);
  return new Uint8Array(readyCipher(key, direction).update(data));
}

function runCbc(key: Uint8Array, data: Uint8Array, direction: Direction): Uint8Array {
  needBlocks(data);
  const cipher = makers[direction]("des-ede3-cbc", threeParts(key), new Uint8Array(BLOCK));
  cipher.setAutoPadding(false);
  return concat(cipher.update(data), cipher.final());
}

/** ECB encryption; `data` is whole blocks. */
export function encryptEcb(key: Uint8Array, data: Uint8Array): Uint8Array {
  return runEcb(key, data, "encrypt");
}

/** ECB decryption; `data` is whole blocks. */
export function decryptEcb(key: Uint8Array, data: Uint8Array): Uint8Array {
  return runEcb(key, data, "decrypt");
}

/** CBC encryption with a zero initial value. */
export function encryptCbc(key: Uint8Array, data: Uint8Array): Uint8Array {
  return runCbc(key, data, "encrypt");
}

/** CBC decryption with a zero initial value. */
export function decryptCbc(key: Uint8Array, data: Uint8Array): Uint8Array {
  return runCbc(key, data, "decrypt");
}

/** ISO/IEC 9797-1 padding method 1: zeros up to a whole block; empty data becomes one block. */
export function padZeros(data: Uint8Array): Uint8Array {
  const length = Math.max(BLOCK, Math.ceil(data.length / BLOCK) * BLOCK);
  return concat(data, new Uint8Array(length - data.length));
}

/** ISO/IEC 9797-1 padding method 2: 80, then zeros up to a whole block. */
export function pad80(data: Uint8Array): Uint8Array {
  return padZeros(concat(data, Uint8Array.of(0x80)));
}

/** Removes padding method 2; undefined when there is none. */
export function unpad80(data: Uint8Array): Uint8Array | undefined {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end -= 1;
  return data[end - 1] === 0x80 ? data.slice(0, end - 1) : undefined;
}

/** ISO/IEC 9797-1 MAC algorithm 3 ("retail MAC") over data that is padded already; `key` has 16 bytes. */
export function retailMac(key: Uint8Array, padded: Uint8Array): Uint8Array {
  const left = key.subarray(0, BLOCK);
  const right = key.subarray(BLOCK);
  const last = encryptCbc(left, padded).subarray(-BLOCK);
  return encryptEcb(left, decryptEcb(right, last));
}

/** The key with each byte's lowest bit set for odd parity. */
export function oddParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    let ones = 0;
    for (let bit = 1; bit < 8; bit += 1) ones += (byte >> bit) & 1;
    return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
  });
}

/** Key check value: the first bytes of eight zero bytes encrypted. */
export function keyCheckValue(key: Uint8Array, length = 4): Uint8Array {
  return encryptEcb(key, new Uint8Array(BLOCK)).slice(0, length);
}

/** True when the key's check value is the one given. */
export function hasCheckValue(key: Uint8Array, check: Uint8Array): boolean {
  return equal(keyCheckValue(key, check.length), check);
}

/** The first `count` decimal digits of an upper-case hex text; where they are too few, its letters A-F follow as 0-5. */
export function decimalise(text: string, count: number): string {
  const digits = text.replace(/[A-F]/g, "");
  const letters = text.replace(/[0-9]/g, "").replace(/./g, (letter) => String(letter.charCodeAt(0) - 65));
  return (digits + letters).slice(0, count);
}
