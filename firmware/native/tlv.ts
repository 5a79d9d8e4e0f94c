/**
 * The twin of tlv.c, which finds the data objects of most inputs by itself and declines the rest. This one declines
 * everything, so that Node runs the TypeScript of firmware/codec/tlv.ts alone.
 */

/**
 * Where data objects stand, in the order of the input, three numbers each: the tag; the value's offset, shifted by 16 bits, with its
 * length; how many objects are inside, at every depth.
 * @param simple lengths are one byte
 * @param flat constructed objects stay closed
 * @returns undefined where TypeScript has to read the bytes, or to say what is wrong with them
 */
export function scanTlv(_bytes: Uint8Array, _simple: boolean, _flat: boolean): readonly number[] | undefined {
  return undefined;
}

/** Primitive data objects, one behind the other; undefined where TypeScript has to write them, or to say why it cannot. */
export function writeTlv(_objects: readonly object[]): Uint8Array | undefined {
  return undefined;
}
