/** Bytes in hexadecimal for people to look at: two stars for each that may not be shown. What cannot be read is not shown. */
import { hex } from "../../acquirer/bytes.ts";
import { IsoFormatError, type Piece, readPieces } from "../../acquirer/iso8583/codec.ts";
import { showElement, showField } from "../../acquirer/log.ts";
import { HIDDEN } from "../../acquirer/mask.ts";
import { readTlv, type Tlv } from "../../acquirer/tlv.ts";

const ENVELOPE_AND_TYPE = 13;
const BITMAP = 8;

export function starred(length: number): string {
  return "**".repeat(length);
}

/** Data objects with the values of secret ones starred. */
export function maskedTlv(bytes: Uint8Array): string {
  let shown = "";
  let at = 0;
  try {
    for (const object of readTlv(bytes)) {
      shown += hex(bytes.subarray(at, object.offset));
      const value = valueStart(bytes, object);
      at = value + object.value.length;
      shown += hex(bytes.subarray(object.offset, value)) + maskedValue(object);
    }
    return shown + hex(bytes.subarray(at));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return shown + starred(bytes.length - at);
  }
}

function valueStart(bytes: Uint8Array, { tag, offset }: Tlv): number {
  const length = offset + tag.length / 2;
  const first = bytes[length]!;
  return length + 1 + (first > 0x7f ? first & 0x7f : 0);
}

function maskedValue({ tag, value, children }: Tlv): string {
  if (children !== undefined) return maskedTlv(value);
  const shown = showElement(tag, value);
  return shown === hex(value) ? shown : starred(value.length);
}

/** A message of the host (TPDU, header, type, fields) with every field starred of which something is masked elsewhere. */
export function maskedMessage(bytes: Uint8Array): string {
  const start = ENVELOPE_AND_TYPE + BITMAP;
  if (bytes.length < start) return starred(bytes.length);
  const type = hex(bytes.subarray(ENVELOPE_AND_TYPE - 2, ENVELOPE_AND_TYPE));
  let shown = hex(bytes.subarray(0, start));
  let last: Piece | undefined;
  const upTo = (end: number): void => {
    if (last !== undefined) shown += maskedField(type, last, bytes.subarray(last.offset, end));
  };
  try {
    const pieces = readPieces(bytes, bytes.subarray(ENVELOPE_AND_TYPE, start), start);
    let next = pieces.next();
    for (; !next.done; next = pieces.next()) {
      upTo(next.value.offset);
      last = next.value;
    }
    upTo(next.value);
    return shown + starred(bytes.length - next.value);
  } catch (error) {
    if (!(error instanceof IsoFormatError)) throw error;
    return shown + starred(bytes.length - shown.length / 2);
  }
}

function maskedField(type: string, { number, field, value }: Piece, bytes: Uint8Array): string {
  const head = field.lengthDigits === 0 ? 0 : field.lengthDigits === 2 ? 1 : 2;
  const length = hex(bytes.subarray(0, head));
  if (field.show === "chip") return length + maskedTlv(bytes.subarray(head));
  const shown = showField(type, number, value);
  const isSecret = shown.includes("*") || shown.includes(HIDDEN) || shown.startsWith("<");
  return isSecret ? length + starred(bytes.length - head) : hex(bytes);
}

/** Instructions whose data tell a secret, and those whose answers do: VERIFY; GET CHALLENGE. */
const SECRET_COMMANDS: readonly number[] = [0x20];
const SECRET_ANSWERS: readonly number[] = [0x84];
/** Those whose data are known to tell none. */
const OPEN_COMMANDS: readonly number[] = [0xa4, 0xb2, 0xa8, 0xae, 0x88, 0x82, 0x84, 0xca, 0xc0, 0xd0, 0xea];

/** A command to a card: its data are shown where the instruction is known to carry no secret. */
export function maskedCommand(command: Uint8Array): string {
  const instruction = command[1] ?? 0;
  const isOpen = OPEN_COMMANDS.includes(instruction) && !SECRET_COMMANDS.includes(instruction);
  return isOpen ? hex(command) : hex(command.subarray(0, 5)) + starred(Math.max(0, command.length - 5));
}

/** A card's answer with its status; `isPart`: it goes on where another one ended. */
export function maskedAnswer(instruction: number, answer: Uint8Array, isPart: boolean): string {
  const body = answer.subarray(0, -2);
  const isSecret = isPart || SECRET_ANSWERS.includes(instruction);
  return (isSecret ? starred(body.length) : maskedTlv(body)) + hex(answer.subarray(-2));
}
