/**
 * CBOR (RFC 8949), the part that the journal and the bridge need: integers up to 2^53, 64-bit floats, byte and text
 * strings, arrays, maps with text keys, booleans, null and undefined. Definite lengths only. What is written is
 * deterministic (RFC 8949, 4.2.1): shortest heads, map keys ordered by length, then by character.
 */
export type CborValue = undefined | null | boolean | number | string | Uint8Array | readonly CborValue[] | CborMap;

export interface CborMap {
  readonly [key: string]: CborValue;
}

export function isCborMap(value: CborValue): value is CborMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Arrays and maps in each other. */
export const maximumCborDepth = 16;

/** Major types (RFC 8949, 3.1), already in the upper three bits of the head byte. */
export const cborMajor = Object.freeze({
  natural: 0x00,
  negative: 0x20,
  bytes: 0x40,
  text: 0x60,
  array: 0x80,
  map: 0xa0,
  tag: 0xc0,
  simple: 0xe0,
});
