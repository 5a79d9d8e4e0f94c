/**
 * The twin of cbor.c, which writes and reads most CBOR by itself and declines the rest: what firmware/codec/cbor.ts writes
 * and reads in TypeScript. This one declines everything, so that Node runs the TypeScript alone.
 */

/** The value's encoding; undefined where TypeScript has to write it, or to say why it cannot be written. */
export function writeCbor(_value: unknown): Uint8Array | undefined {
  return undefined;
}

/** The value that fills the bytes; `declined` where TypeScript has to read it, or to say what is wrong with it. */
export function readCbor(_bytes: Uint8Array, declined: unknown): unknown {
  return declined;
}
