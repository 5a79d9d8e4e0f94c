import { readCbor, writeCbor } from "#native/cbor";
import { readCborValue } from "./cbor-decode.ts";
import { writeCborValue } from "./cbor-encode.ts";
import type { CborValue } from "./cbor-model.ts";

export { type CborMap, type CborValue, isCborMap } from "./cbor-model.ts";

/** What the native answers where TypeScript has to read. */
const declined: unique symbol = Symbol("declined");

/**
 * Writes a value. Throws `TypeError` for what CBOR here does not have (functions, symbols, big integers) and for
 * nesting deeper than `maximumCborDepth`.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  return writeCbor(value) ?? writeCborValue(value);
}

/**
 * Reads exactly one value that fills the input. Byte strings are copies: the input may be reused. Heads need not be
 * the shortest; a map may not have a key twice. Throws `FormatError` for anything else, never reads past the input,
 * and holds no more items than the input has bytes.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const value = readCbor(bytes, declined);
  return value === declined ? readCborValue(bytes) : (value as CborValue);
}
