/** The bytes as 32-bit words; all of ours are little-endian. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Four bytes, little-endian. */
export function wordOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** `DONE`: programmed last, behind what it makes count. */
export const doneMark = 0x454e4f44;

/** Whether nothing was programmed there since the erase. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0xff);
}
