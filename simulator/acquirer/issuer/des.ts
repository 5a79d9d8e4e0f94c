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
type Mode = "des-ede3" | "des-ede3-cbc";

const makers = { encrypt: createCipheriv, decrypt: createDecipheriv } as const;

/** A cipher that is ready, and for a chain the block of ciphertext that it saw last. */
interface Ready {
  readonly update: (data: Uint8Array) => Buffer;
  last: Uint8Array;
}

/** To make a cipher costs as much as ten of its blocks: those of the keys that came last are kept, enough for the keys of a thousand terminals. */
const KEPT = 8192;
const ready = new Map<string, Ready>();

function readyCipher(key: Uint8Array, direction: Direction, mode: Mode): Ready {
  const name = `${direction} ${mode} ${Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1")}`;
  const known = ready.get(name);
  if (known !== undefined) return known;
  const initial = mode === "des-ede3" ? null : new Uint8Array(BLOCK);
  const cipher = makers[direction](mode, threeParts(key), initial);
  cipher.setAutoPadding(false);
  const made = { update: (data: Uint8Array) => cipher.update(data), last: new Uint8Array(BLOCK) };
  const [oldest] = ready.keys();
  if (ready.size === KEPT && oldest !== undefined) ready.delete(oldest);
  ready.set(name, made);
  return made;
}

function needBlocks(data: Uint8Array): void {
  if (data.length % BLOCK !== 0) throw new RangeError("data is not whole 8-byte blocks");
}

function runEcb(key: Uint8Array, data: Uint8Array, direction: Direction): Uint8Array {
  needBlocks(data);
  return new Uint8Array(readyCipher(key, direction, "des-ede3").update(data));
}

/** A chain goes on where it was; the block it saw last, put into the first block, has it begin anew. */
function runCbc(key: Uint8Array, data: Uint8Array, direction: Direction): Uint8Array {
  needBlocks(data);
  if (data.length === 0) return new Uint8Array(0);
  const chain = readyCipher(key, direction, "des-ede3-cbc");
  const input = Uint8Array.from(data);
  if (direction === "encrypt") addFirst(input, chain.last);
  const output = new Uint8Array(chain.update(input));
  if (direction === "decrypt") addFirst(output, chain.last);
  chain.last = (direction === "encrypt" ? output : input).slice(-BLOCK);
  return output;
}

function addFirst(data: Uint8Array, block: Uint8Array): void {
  for (let place = 0; place < BLOCK; place++) data[place]! ^= block[place]!;
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
