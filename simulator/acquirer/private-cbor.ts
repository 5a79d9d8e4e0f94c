/** CBOR of the private extension: maps with text keys, byte strings without tags, whole numbers as integers. */
import { Encoder } from "cbor-x";

const coder = new Encoder({ useRecords: false, mapsAsObjects: true, tagUint8Array: false, variableMapSize: true });

/** Numbers beyond 32 bits would become floating-point ones. */
function wholeNumbers(value: unknown): unknown {
  if (typeof value === "number") return Math.abs(value) > 0x7fffffff ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(wholeNumbers);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, wholeNumbers(item)]])),
  );
}

/** Encodes; members that are undefined are left out. */
export function toCbor(value: object): Uint8Array {
  return new Uint8Array(coder.encode(wholeNumbers(value)));
}

/** The members of a CBOR map; undefined when the bytes are none. */
export function readCborMap(bytes: Uint8Array): ReadonlyMap<string, unknown> | undefined {
  let value: unknown;
  try {
    value = coder.decode(bytes);
  } catch {
    return undefined; // whatever the decoder says of bytes from outside, they are no map
  }
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  return isMap ? new Map(Object.entries(value as object)) : undefined;
}
