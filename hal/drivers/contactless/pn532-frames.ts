import { copy, sum } from "../../../firmware/codec/bytes.ts";

/**
 * The PN532's host frames (NXP UM0701-02, 6.2.1): preamble 00, start code 00 FF, length and its complement, a byte that says the
 * direction, the data, a checksum over direction and data, postamble 00. On I2C every read begins with a byte whose bit 1 says
 * whether the chip has anything to read.
 */
const FROM_HOST = 0xd4;
const FROM_CHIP = 0xd5;
const CHIP_ERROR = 0x7f;

/** Command codes; an answer's code is one higher. */
export const pn532Command = Object.freeze({
  diagnose: 0x00,
  getFirmwareVersion: 0x02,
  samConfiguration: 0x14,
  rfConfiguration: 0x32,
  inDataExchange: 0x40,
  inAutoPoll: 0x60,
});

/** The frame that confirms a command; from the host it also breaks a command off. Treat as read-only. */
export const acknowledgeFrame: readonly number[] = Object.freeze([0x00, 0x00, 0xff, 0x00, 0xff, 0x00]);
/** Asks for the last answer again. */
export const repeatFrame: readonly number[] = Object.freeze([0x00, 0x00, 0xff, 0xff, 0x00, 0x00]);
/** Bytes to read for an acknowledge: the ready byte and the frame. */
export const ACKNOWLEDGE_LENGTH = 7;
/** Bytes around the data of an answer at most: ready byte, extended head, direction, code, checksum, postamble. */
export const FRAME_OVERHEAD = 13;

export type Pn532Frame =
  | { readonly kind: "notReady" | "acknowledge" | "refused" | "damaged" }
  | { readonly kind: "answer"; readonly code: number; readonly data: Uint8Array };

/** A command as a normal frame: at most 253 bytes of data. */
export function encodePn532(code: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2;
  const frame = new Uint8Array(length + 7);
  frame[2] = 0xff;
  frame[3] = length;
  frame[4] = -length;
  frame[5] = FROM_HOST;
  frame[6] = code;
  copy(data, frame, 7);
  frame[length + 5] = -sum(frame, 5, length + 5);
  return frame;
}

/** Reads one frame, normal or extended, out of what one I2C read gave; the data are a view of it. */
export function decodePn532(bytes: Uint8Array): Pn532Frame {
  if (bytes.length === 0 || (bytes[0]! & 1) === 0) return { kind: "notReady" };
  let at = 1;
  while (at < 4 && !(bytes[at] === 0 && bytes[at + 1] === 0xff)) at++;
  if (at === 4) return { kind: "damaged" };
  at += 2;
  let length = bytes[at] ?? 0;
  const complement = bytes[at + 1] ?? 0;
  if (length === 0x00 && complement === 0xff) return { kind: "acknowledge" };
  at += 2;
  if (length === 0xff && complement === 0xff) {
    length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if ((((bytes[at] ?? 0) + (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0)) & 0xff) !== 0) return { kind: "damaged" };
    at += 3;
  } else if (((length + complement) & 0xff) !== 0) {
    return { kind: "damaged" };
  }
  if (length === 0 || at + length >= bytes.length) return { kind: "damaged" };
  if (sum(bytes, at, at + length + 1) !== 0) return { kind: "damaged" };
  if (length === 1 && bytes[at] === CHIP_ERROR) return { kind: "refused" };
  if (length < 2 || bytes[at] !== FROM_CHIP) return { kind: "damaged" };
  return { kind: "answer", code: bytes[at + 1]!, data: bytes.subarray(at + 2, at + length) };
}
