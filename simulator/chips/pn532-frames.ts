/** The PN532's frames as the chip sees them (NXP UM0701-02, 6.2.1). */

export const ACKNOWLEDGE = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
export const REPEAT = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);
/** The answer to what is not a command (6.2.1.5). */
export const SYNTAX_ERROR = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00);

/** The data of a host's frame from the command's code on; undefined where a length or checksum is wrong. */
export function commandOf(frame: Uint8Array): Uint8Array | undefined {
  const start = frame.findIndex((byte, index) => byte === 0xff && frame[index - 1] === 0x00);
  if (start < 1) return undefined;
  const [length = 0, complement = 0] = frame.subarray(start + 1);
  const extended = length === 0xff && complement === 0xff;
  const head = extended ? frame.subarray(start + 3, start + 6) : frame.subarray(start + 1, start + 3);
  if (head.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) return undefined;
  const size = extended ? head[0]! * 256 + head[1]! : length;
  const body = frame.subarray(start + (extended ? 6 : 3), start + (extended ? 6 : 3) + size + 1);
  if (size < 2 || body.length !== size + 1 || body[0] !== 0xd4) return undefined;
  if (body.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) return undefined;
  return body.slice(1, size);
}

/** An answer with its code and data, as an extended frame where it is too long for a normal one. */
export function answerFrame(code: number, data: Uint8Array): Uint8Array {
  const body = Uint8Array.of(0xd5, code, ...data);
  const size = body.length;
  const head =
    size <= 255
      ? [size, (256 - size) % 256]
      : [0xff, 0xff, size >> 8, size & 0xff, (512 - (size >> 8) - (size & 0xff)) % 256];
  const sum = body.reduce((total, byte) => total + byte, 0) % 256;
  return Uint8Array.of(0x00, 0x00, 0xff, ...head, ...body, (256 - sum) % 256, 0x00);
}
