import { derive, size } from "#native/derive";
import type { KeyMemory } from "#native/vault";
import { concat, integerToBytes } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { algorithm } from "../crypto/algorithms.ts";
import { aesDukpt, counterOf, onesOf } from "./dukpt-counter.ts";

/** Key usage indicators (ANSI X9.24-3:2017, 6.3.2, table 2). */
export const aesDukptUsage = Object.freeze({
  keyEncryption: 0x0002,
  pin: 0x1000,
  macGeneration: 0x2000,
  macVerification: 0x2001,
  mac: 0x2002,
  dataEncryption: 0x3000,
  dataDecryption: 0x3001,
  data: 0x3002,
  keyDerivation: 0x8000,
  initialKey: 0x8001,
} as const);
export type AesDukptUsage = (typeof aesDukptUsage)[keyof typeof aesDukptUsage];

/** Algorithms of derived keys: their indicator (table 3) and their length in bytes. */
export const aesDukptAlgorithms = Object.freeze({
  TDES2: { indicator: 0, length: 16 },
  TDES3: { indicator: 1, length: 24 },
  AES128: { indicator: 2, length: 16 },
  AES192: { indicator: 3, length: 24 },
  AES256: { indicator: 4, length: 32 },
  HMAC128: { indicator: 5, length: 16 },
  HMAC192: { indicator: 5, length: 24 },
  HMAC256: { indicator: 5, length: 32 },
} as const);
export type AesDukptAlgorithm = keyof typeof aesDukptAlgorithms;

/** The counter of update keys, which no transaction has (6.5). */
export const updateCounter = 0xffffffff;

const { aes } = algorithm;

/** The initial key of a terminal out of the base derivation key, of the same length. `initialKeyId` has 8 bytes. */
export function aesInitialKey(memory: KeyMemory, base: number, initialKeyId: Uint8Array, target: number): void {
  const kind = ownKind(memory, base);
  const { initialKey } = aesDukptUsage;
  deriveKey(memory, base, target, kind, (part) => derivationData(part, initialKey, kind, idOf(initialKeyId)));
}

/** The derivation key of a serial number out of the initial key. Throws `FormatError` for counter 0 or too many ones. */
export function aesDerivationKey(memory: KeyMemory, initial: number, serial: Uint8Array, target: number): void {
  const counter = counterOf(aesDukpt, serial);
  if (counter === 0) throw new FormatError("key serial number", 8, "counter is zero");
  walk(memory, initial, serial, counter, target);
}

function walk(memory: KeyMemory, initial: number, serial: Uint8Array, counter: number, target: number): void {
  let from = initial;
  let way = 0;
  for (const place of onesOf(counter)) {
    way += 2 ** place;
    aesNextKey(memory, from, serial, way, target);
    from = target;
  }
}

/** One step of that way: the key of a counter out of the one of the counter without its lowest one. */
export function aesNextKey(memory: KeyMemory, from: number, serial: Uint8Array, counter: number, target: number): void {
  aesKey(memory, from, aesDukptUsage.keyDerivation, ownKind(memory, from), serial, counter, target);
}

/**
 * A working key out of a derivation key. Throws `FormatError` for an AES key that is longer than what it comes from: it
 * would be no stronger (6.2).
 */
export function aesWorkingKey(
  memory: KeyMemory,
  derivation: number,
  usage: AesDukptUsage,
  kind: AesDukptAlgorithm,
  serial: Uint8Array,
  target: number,
): void {
  const isAes = kind.startsWith("AES");
  if (isAes && aesDukptAlgorithms[kind].length > size(memory, derivation)) {
    throw new FormatError("working key", 0, "longer than its derivation key");
  }
  aesKey(memory, derivation, usage, kind, serial, counterOf(aesDukpt, serial), target);
}

/**
 * The key under which a new initial key comes (6.5): derived like a transaction's, for a counter of ones alone. The
 * target must be another slot than that of the initial key.
 */
export function aesUpdateKey(
  memory: KeyMemory,
  initial: number,
  kind: AesDukptAlgorithm,
  initialKeyId: Uint8Array,
  target: number,
): void {
  walk(memory, initial, idOf(initialKeyId), updateCounter, target);
  aesKey(memory, target, aesDukptUsage.keyEncryption, kind, initialKeyId, updateCounter, target);
}

function aesKey(
  memory: KeyMemory,
  from: number,
  usage: AesDukptUsage,
  kind: AesDukptAlgorithm,
  serial: Uint8Array,
  counter: number,
  target: number,
): void {
  const context = concat([serial.subarray(4, 8), integerToBytes(counter, 4)]);
  deriveKey(memory, from, target, kind, (part) => derivationData(part, usage, kind, context));
}

function deriveKey(
  memory: KeyMemory,
  from: number,
  target: number,
  kind: AesDukptAlgorithm,
  dataOf: (part: number) => Uint8Array,
): void {
  const { length } = aesDukptAlgorithms[kind];
  const data = length > 16 ? concat([dataOf(1), dataOf(2)]) : dataOf(1);
  derive(memory, from, aes, data, target, length);
}

/** Derivation data (6.3.2): version, block, usage, algorithm, length in bits, and what the key is bound to. */
function derivationData(part: number, usage: number, kind: AesDukptAlgorithm, context: Uint8Array): Uint8Array {
  const { indicator, length } = aesDukptAlgorithms[kind];
  const head = [1, part, usage >> 8, usage & 0xff, 0, indicator, (8 * length) >> 8, (8 * length) & 0xff];
  return concat([Uint8Array.from(head), context]);
}

/** The AES algorithm whose keys have the length of this one. Throws `FormatError` for other lengths. */
function ownKind(memory: KeyMemory, slot: number): AesDukptAlgorithm {
  const length = size(memory, slot);
  if (length !== 16 && length !== 24 && length !== 32) throw new FormatError("derivation key", 0, "another length");
  return `AES${length * 8}` as AesDukptAlgorithm;
}

function idOf(initialKeyId: Uint8Array): Uint8Array {
  if (initialKeyId.length !== 8) throw new FormatError("initial key ID", 0, "8 bytes expected");
  return initialKeyId;
}
