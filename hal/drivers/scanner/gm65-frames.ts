/**
 * Frames of the GM65 scanner module (Hangzhou Grow GM65 user manual, 2.1 serial instructions): 7E 00, the type, the number of data
 * bytes, the address of a zone, the data, and a CRC-CCITT (polynomial 1021h, from 0) over all but the head. Its answer: 02 00, 00
 * for success, the number of data bytes, the data, the same CRC.
 */
const TYPE_WRITE = 0x08;
const POLYNOMIAL = 0x1021;
const ANSWER_HEAD = 0x02;
/** Bytes of an answer around its data: head, type, length; CRC. */
const BEFORE = 4;
const AFTER = 2;
/** Data of any answer that this driver asks for. */
const LONGEST_DATA = 16;

/** Zones: what the module does (3.1 mode), looks for a code (3.2 command), for how long, and what ends a code (5.2 tail). */
export const zone = Object.freeze({ mode: 0x0000, trigger: 0x0002, scanTime: 0x0006, tail: 0x0060 });

/** Writes one byte into a zone. */
export function encodeWrite(address: number, value: number): Uint8Array {
  const body = Uint8Array.of(TYPE_WRITE, 1, address >> 8, address & 0xff, value);
  const sum = checksum(body);
  return Uint8Array.of(0x7e, 0x00, ...body, sum >> 8, sum & 0xff);
}

/** What stands at the front of received bytes. */
export type Received =
  | { readonly kind: "incomplete" }
  /** The module's answer; `good` when it says success and its checksum fits. */
  | { readonly kind: "answer"; readonly length: number; readonly good: boolean }
  /** A code, without what ends it. */
  | { readonly kind: "code"; readonly length: number; readonly code: Uint8Array };

const CARRIAGE_RETURN = 0x0d;

/** Reads the front of `bytes`, which is not empty. */
export function decodeReceived(bytes: Uint8Array): Received {
  if (bytes[0] === ANSWER_HEAD) return decodeAnswer(bytes);
  const end = bytes.indexOf(CARRIAGE_RETURN);
  return end < 0 ? { kind: "incomplete" } : { kind: "code", length: end + 1, code: bytes.slice(0, end) };
}

function decodeAnswer(bytes: Uint8Array): Received {
  if (bytes.length > 1 && bytes[1] !== 0) return { kind: "answer", length: 1, good: false };
  if (bytes.length < BEFORE) return { kind: "incomplete" };
  const data = bytes[3]!;
  if (data > LONGEST_DATA) return { kind: "answer", length: BEFORE, good: false };
  const end = BEFORE + data;
  if (bytes.length < end + AFTER) return { kind: "incomplete" };
  const good = bytes[2] === 0 && checksum(bytes.subarray(2, end)) === ((bytes[end]! << 8) | bytes[end + 1]!);
  return { kind: "answer", length: end + AFTER, good };
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000) === 0 ? sum << 1 : (sum << 1) ^ POLYNOMIAL;
    sum &= 0xffff;
  }
  return sum;
}
