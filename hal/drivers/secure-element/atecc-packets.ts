/**
 * Packets of Microchip's ATECC secure elements (ATECC508A data sheet, 9.1 and 8.3, which the ATECC608 keeps): a count of all
 * bytes, what is said, and a CRC-16 (polynomial 8005h, bits from the lowest) with its low byte first.
 */
const POLYNOMIAL = 0x8005;
const COMMAND_OVERHEAD = 7;
const ANSWER_OVERHEAD = 3;
/** An answer of four bytes is a status. */
const STATUS_LENGTH = 4;

/** What the first byte of a transfer to the element means (6.2.1). */
export const word = Object.freeze({ again: 0x00, sleep: 0x01, command: 0x03 });

/** Status codes (9.1.2). */
export const status = Object.freeze({ success: 0x00, awake: 0x11, notHeard: 0xff });

export interface ElementCommand {
  readonly code: number;
  readonly mode: number;
  readonly parameter: number;
  readonly data?: Uint8Array;
  /** Bytes of its answer; none where a status is all it says. */
  readonly answerLength: number;
  /** Milliseconds that it takes at most. */
  readonly time: number;
}

export type ElementAnswer =
  | { readonly kind: "data"; readonly data: Uint8Array }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "damaged" };

/** A command as it is written, the word's meaning first. */
export function encodeCommand({ code, mode, parameter, data }: ElementCommand): Uint8Array {
  const length = COMMAND_OVERHEAD + (data?.length ?? 0);
  const packet = new Uint8Array(1 + length);
  packet.set([word.command, length, code, mode, parameter & 0xff, parameter >> 8]);
  if (data !== undefined) packet.set(data, 6);
  const sum = checksum(packet.subarray(1, length - 1));
  packet[length - 1] = sum & 0xff;
  packet[length] = sum >> 8;
  return packet;
}

/** How many bytes to read for an answer of so much data. */
export function answerSize(dataLength: number): number {
  return Math.max(STATUS_LENGTH, dataLength + ANSWER_OVERHEAD);
}

/** Reads an answer of so much data, or the status that came instead. */
export function decodeAnswer(bytes: Uint8Array, dataLength: number): ElementAnswer {
  const count = bytes[0] ?? 0;
  const isStatus = count === STATUS_LENGTH;
  if ((!isStatus && count !== dataLength + ANSWER_OVERHEAD) || count > bytes.length) return { kind: "damaged" };
  const sum = checksum(bytes.subarray(0, count - 2));
  if (bytes[count - 2] !== (sum & 0xff) || bytes[count - 1] !== sum >> 8) return { kind: "damaged" };
  if (isStatus && dataLength !== 1) return { kind: "status", status: bytes[1]! };
  return { kind: "data", data: bytes.slice(1, count - 2) };
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = ((sum >> 15) ^ (byte >> bit)) & 1;
      sum = (sum << 1) & 0xffff;
      if (carry === 1) sum ^= POLYNOMIAL;
    }
  }
  return sum;
}
