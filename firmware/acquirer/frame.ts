import { concat, integerToBytes } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";

/** TPDU (5 bytes) and header (6 bytes). */
const envelopeLength = 11;
/** Envelope, type and bitmap: nothing shorter is a message. */
const leastFrame = envelopeLength + 2 + 8;
/** Longer than any message of the dialect that a terminal gets. */
const mostFrame = 2048;
/** Bytes of the length before a frame, which does not count itself. */
const lengthBytes = 2;

/** A message with its envelope and its length, as it goes onto the wire. */
export function encodeFrame(tpdu: Uint8Array, header: Uint8Array, message: Uint8Array): Uint8Array {
  const length = tpdu.length + header.length + message.length;
  return concat([integerToBytes(length, lengthBytes), tpdu, header, message]);
}

/**
 * The first frame of what has come in so far, without its length, copied, and how many bytes it took. `more`: it is not
 * whole yet; `bad`: it begins with a length that no message has.
 */
export type CutFrame =
  | { readonly kind: "frame"; readonly frame: Uint8Array; readonly taken: number }
  | { readonly kind: "more" | "bad" };

/** Cuts the first frame off a stream. */
export function cutFrame(received: Uint8Array): CutFrame {
  if (received.length < lengthBytes) return { kind: "more" };
  const length = (received[0]! << 8) | received[1]!;
  if (length < leastFrame || length > mostFrame) return { kind: "bad" };
  const taken = lengthBytes + length;
  return received.length < taken
    ? { kind: "more" }
    : { kind: "frame", frame: received.slice(lengthBytes, taken), taken };
}

/** The message of a frame without its length. Throws `FormatError` for a frame too short or without a TPDU. */
export function messageOf(frame: Uint8Array): Uint8Array {
  if (frame.length < leastFrame) throw new FormatError("frame", frame.length, "too short");
  if (frame[0] !== 0x60) throw new FormatError("tpdu", 0, "60 expected");
  return frame.subarray(envelopeLength);
}
