import { cmac, deriveByCmac, join, size, takeKey, unwrapBlocks, variant, wrap } from "#native/derive";
import { chain, erase, type KeyMemory, load } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import { concat, constantTimeEqual } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex, hexToBytes } from "../codec/hex.ts";
import { asciiToBytes } from "../codec/text.ts";
import { type Algorithm, algorithm, cipherMode } from "../crypto/algorithms.ts";
import {
  type KeyAttributes,
  type KeyBlockHeader,
  type KeyBlockVersion,
  readKeyBlockHeader,
  writeKeyBlockHeader,
} from "./key-block-header.ts";

/** Where key blocks are worked on: the protection key's slot, and three slots that are empty afterwards. */
export interface KeyBlockBench {
  readonly memory: KeyMemory;
  /** The key block protection key: DES or AES by the version. */
  readonly protection: number;
  readonly encryption: number;
  readonly authentication: number;
  readonly payload: number;
}

/** What the versions differ in. Lengths in bytes; `multiple` of the whole block, in characters. */
interface VersionRule {
  readonly isAes: boolean;
  readonly isDerived: boolean;
  readonly mode: number;
  readonly macLength: number;
  readonly multiple: number;
  readonly keyLengths: readonly number[];
}

const byVariant = { isAes: false, isDerived: false, mode: cipherMode.chained, macLength: 4, multiple: 8 } as const;
const aes = { isAes: true, isDerived: true, macLength: 16, keyLengths: Object.freeze([16, 24, 32]) } as const;
const versions: Readonly<Record<KeyBlockVersion, VersionRule>> = Object.freeze({
  A: { ...byVariant, keyLengths: Object.freeze([8, 16, 24]) },
  B: { ...byVariant, isDerived: true, macLength: 8, keyLengths: Object.freeze([16, 24]) },
  C: { ...byVariant, keyLengths: Object.freeze([8, 16, 24]) },
  D: { ...aes, mode: cipherMode.chained, multiple: 16 },
  E: { ...aes, mode: cipherMode.counter, multiple: 2 },
});

/** Keys shorter than these are filled up to them, so that a block does not tell which of its kind it holds. */
const hiddenLengths: Readonly<Record<string, number>> = Object.freeze({ T: 24, D: 24, A: 32 });

/** Variants of versions A and C: the letters E and M over each byte (TR-31:2018, 5.3.2.1). */
const variants = Object.freeze({ encryption: 0x45, authentication: 0x4d });

/**
 * Opens a key block and puts its key into the target slot (ANSI X9.143:2021, 7). What the key may be used for is the
 * caller's to judge from the header. Throws `FormatError` for a block that is damaged, was changed, or is under another
 * key; the target is untouched then.
 */
export function unwrapKeyBlock(bench: KeyBlockBench, text: string, target: number): KeyBlockHeader {
  const header = readKeyBlockHeader(text);
  const rule = versions[header.version];
  if (header.length !== text.length) throw problem(1, "its length is another");
  if (text.length % rule.multiple !== 0) throw problem(1, "not a whole number of cipher blocks");
  const macAt = text.length - 2 * rule.macLength;
  if (macAt < header.headerLength) throw problem(header.headerLength, "no room for a MAC");
  const clear = asciiToBytes(text.slice(0, header.headerLength));
  const wrapped = hexadecimal(text, header.headerLength, macAt);
  const mac = hexadecimal(text, macAt, text.length);
  const blockLength = rule.isAes ? 16 : 8;
  if (wrapped.length === 0 || (rule.mode === cipherMode.chained && wrapped.length % blockLength !== 0)) {
    throw problem(header.headerLength, "enciphered key is not whole blocks");
  }
  const { memory, encryption, payload } = bench;
  try {
    const kind = deriveKeys(bench, rule);
    if (!rule.isDerived && !constantTimeEqual(macOf(bench, rule, kind, clear, wrapped), mac)) throw wrongMac(macAt);
    const initial = rule.isDerived ? mac : clear.subarray(0, 8);
    unwrapBlocks(memory, encryption, kind, rule.mode, initial, wrapped, payload);
    if (rule.isDerived && !constantTimeEqual(macOf(bench, rule, kind, clear), mac)) throw wrongMac(macAt);
    if (!takeKey(memory, payload, target)) throw problem(header.headerLength, "key of a length that does not fit");
    return header;
  } finally {
    clean(bench);
  }
}

/** The source slot's key as a key block. Throws `FormatError` for attributes that no header can say. */
export function wrapKeyBlock(bench: KeyBlockBench, attributes: KeyAttributes, source: number, random: Random): string {
  const { memory, encryption, authentication, payload } = bench;
  const rule = versions[attributes.version];
  const blockLength = rule.isAes ? 16 : 8;
  const keyLength = size(memory, source);
  const least = 2 + Math.max(keyLength, hiddenLengths[attributes.algorithm] ?? 0);
  const length = rule.mode === cipherMode.counter ? least : Math.ceil(least / blockLength) * blockLength;
  const text = writeKeyBlockHeader(attributes, Math.max(8, blockLength), 2 * (length + rule.macLength));
  const header = asciiToBytes(text);
  try {
    load(memory, payload, Uint8Array.of((8 * keyLength) >> 8, (8 * keyLength) & 0xff));
    join(memory, payload, source, payload);
    if (length > 2 + keyLength) {
      load(memory, authentication, random.read(length - 2 - keyLength));
      join(memory, payload, authentication, payload);
    }
    const kind = deriveKeys(bench, rule);
    const mac = rule.isDerived ? macOf(bench, rule, kind, header) : undefined;
    const wrapped = wrap(memory, encryption, kind, rule.mode, mac ?? header.subarray(0, 8), payload);
    return text + bytesToHex(wrapped) + bytesToHex(mac ?? macOf(bench, rule, kind, header, wrapped));
  } finally {
    clean(bench);
  }
}

/** Makes the two keys out of the protection key; throws `FormatError` when that does not fit the version. */
function deriveKeys(bench: KeyBlockBench, rule: VersionRule): Algorithm {
  const { memory, protection, encryption, authentication } = bench;
  const length = size(memory, protection);
  if (!rule.keyLengths.includes(length)) throw problem(0, "protection key of another length");
  if (!rule.isDerived) {
    variant(memory, protection, Uint8Array.of(variants.encryption), encryption);
    variant(memory, protection, Uint8Array.of(variants.authentication), authentication);
    return length === 8 ? algorithm.des : algorithm.tdes;
  }
  const kind = rule.isAes ? algorithm.aes : algorithm.tdes;
  const isCounted = rule.mode === cipherMode.counter;
  for (const [usage, target] of [
    [isCounted ? derivationUsage.counter : derivationUsage.encryption, encryption],
    [derivationUsage.authentication, authentication],
  ] as const) {
    deriveByCmac(memory, protection, kind, derivationData(usage, rule.isAes, length), 8, target, length);
  }
  return kind;
}

const derivationUsage = Object.freeze({ encryption: 0, authentication: 1, counter: 2 });

/**
 * Derivation data (TR-31:2018, 5.3.2.3): for each block of key a counter, the derived key's usage, a separator, its
 * algorithm (0 and 1 triple DES with two and three parts, 2 to 4 AES) and its length in bits.
 */
function derivationData(usage: number, isAes: boolean, length: number): Uint8Array {
  const kind = length / 8 - (isAes ? 0 : 2);
  const parts = Math.ceil(length / (isAes ? 16 : 8));
  const data = Array.from({ length: parts }, (_, i) =>
    Uint8Array.of(i + 1, 0, usage, 0, 0, kind, length >> 5, (8 * length) & 0xff),
  );
  return concat(data);
}

/** Over header and clear payload, or over header and enciphered key (versions A and C). */
function macOf(
  bench: KeyBlockBench,
  rule: VersionRule,
  kind: Algorithm,
  header: Uint8Array,
  wrapped?: Uint8Array,
): Uint8Array {
  const { memory, authentication, payload } = bench;
  if (wrapped === undefined) return cmac(memory, authentication, kind, header, payload);
  const message = concat([header, wrapped]);
  if (message.length % 8 !== 0) throw problem(0, "header is not whole cipher blocks");
  return chain(memory, authentication, kind, new Uint8Array(8), message).slice(0, rule.macLength);
}

function clean({ memory, encryption, authentication, payload }: KeyBlockBench): void {
  for (const slot of [encryption, authentication, payload]) erase(memory, slot);
}

function hexadecimal(text: string, from: number, to: number): Uint8Array {
  const value = text.slice(from, to);
  if (!/^(?:[0-9A-F]{2})*$/.test(value)) throw problem(from, "hexadecimal digits expected");
  return hexToBytes(value);
}

function wrongMac(offset: number): FormatError {
  return problem(offset, "wrong MAC");
}

function problem(offset: number, what: string): FormatError {
  return new FormatError("key block", offset, what);
}
