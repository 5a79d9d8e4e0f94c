/** The checks that the C natives make on their numbers. Throws `TypeError` or `RangeError`. */
export function integer(value: number, least: number, most: number): number {
  if (typeof value !== "number") {
    throw new TypeError("number missing");
  }
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError("number out of range");
  }
  return value;
}

/** Bytes an argument holds: a view, an ArrayBuffer or a host buffer on the device. */
export type BytesArgument = Uint8Array | ArrayBuffer;

/** A view of a bytes argument. Throws `TypeError` when it holds no bytes. */
export function bytes(value: BytesArgument): Uint8Array {
  // By what it says of itself: firmware that runs in a context of its own is given another one's bytes.
  if (ArrayBuffer.isView(value) && value[Symbol.toStringTag] === "Uint8Array") {
    return value;
  }
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  throw new TypeError("bytes missing");
}
