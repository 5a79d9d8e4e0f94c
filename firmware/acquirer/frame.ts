import { concat, integerToBytes } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";

/** TPDU (5 bytes) and header (6 bytes). */
const envelopeLength = 11;
/** Envelope, type and bitmap: nothing shorter is a message. */
export const leastFrame = envelopeLength + 2 + 8;
/** Longer than any message of the dialect that a terminal gets. */
export const mostFrame = 2048;
/** Bytes of the length before a frame, which does not count itself. */
export const lengthBytes = 2;

/** A message with its envelope and its length, as it goes onto the wire. */
export function encodeFrame(tpdu: Uint8Array, header: Uint8Array, message: Uint8Array): Uint8Array {
  const length = tpdu.length + header.length + message.length;
  return concat([integerToBytes(length, lengthBytes), tpdu, header, message]);
}

/** The message of a frame without its length. Throws `FormatError` for a frame too short or without a TPDU. */
export function messageOf(frame: Uint8Array): Uint8Array {
  if (frame.length < leastFrame) throw new FormatError("frame", frame.length, "too short");
  if (frame[0] !== 0x60) throw new FormatError("tpdu", 0, "60 expected");
  return frame.subarray(envelopeLength);
}
