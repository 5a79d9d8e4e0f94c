/** ISO 8583:1987 in UnionPay's packing: TPDU, header, MTI, bitmap, fields. Independent of the terminal's codec. */
import { hex } from "../bytes.ts";
import { type Field, unionpayFields } from "./fields.ts";

/** Values by field number: digits and text as they read, binary fields as upper-case hex. */
export type Fields = Readonly<Partial<Record<number, string>>>;

/** A message with its envelope; `tpdu` and `header` as hex (5 and 6 bytes). */
export interface Message {
  readonly tpdu: string;
  readonly header: string;
  readonly mti: string;
  readonly fields: Fields;
}

/** Why bytes are not a message: the field (0 for the envelope) and the offset, never the value. */
export class IsoFormatError extends Error {
  readonly field: number;
  readonly offset: number;

  constructor(field: number, offset: number, what: string) {
    super(`field ${field} at offset ${offset}: ${what}`);
    this.field = field;
    this.offset = offset;
  }
}

/** Bytes before the MTI. */
export const ENVELOPE_LENGTH = 11;
const BITMAP_LENGTH = 8;

function bytesFor(field: Field, length: number): number {
  return field.kind === "digits" || field.kind === "track" ? Math.ceil(length / 2) : length;
}

function unpack(field: Field, bytes: Buffer, length: number): string {
  if (field.kind === "text") return bytes.toString("latin1");
  const digits = bytes.toString("hex").toUpperCase();
  // An odd number of digits is filled on the right.
  return field.kind === "binary" ? digits : digits.slice(0, length);
}

/** One field as it lies in a message, for describing; `value` as in `Fields`. */
export interface Piece {
  readonly number: number;
  readonly field: Field;
  readonly offset: number;
  readonly value: string;
}

/** Reads the fields from `offset` as the bitmap says. Throws `IsoFormatError` at the first that does not fit. */
export function* readPieces(bytes: Uint8Array, bitmap: Uint8Array, start: number): Generator<Piece, number> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  for (let number = 2; number <= 64; number += 1) {
    if ((bitmap[(number - 1) >> 3]! & (0x80 >> ((number - 1) & 7))) === 0) continue;
    const field = unionpayFields.get(number);
    if (!field) throw new IsoFormatError(number, at, "not in this dialect");
    const offset = at;
    let length = field.length;
    if (field.lengthDigits > 0) {
      const digits = hex(bytes.subarray(at, at + (field.lengthDigits === 2 ? 1 : 2)));
      if (!/^(\d{2}|\d{4})$/.test(digits)) throw new IsoFormatError(number, at, "its length is not digits");
      at += digits.length / 2;
      length = Number(digits);
      if (length > field.length) throw new IsoFormatError(number, offset, "longer than allowed");
    }
    const end = at + bytesFor(field, length);
    if (end > bytes.length) throw new IsoFormatError(number, offset, "the message ends inside it");
    const value = unpack(field, buffer.subarray(at, end), length);
    if (field.kind === "digits" && !/^\d*$/.test(value)) throw new IsoFormatError(number, offset, "not digits");
    at = end;
    yield { number, field, offset, value };
  }
  return at;
}

/** Reads a whole frame (without its two length bytes). Throws `IsoFormatError`. */
export function decodeMessage(bytes: Uint8Array): Message {
  const bodyStart = ENVELOPE_LENGTH + 2 + BITMAP_LENGTH;
  if (bytes.length < bodyStart) throw new IsoFormatError(0, bytes.length, "the message ends before its fields");
  const mti = hex(bytes.subarray(ENVELOPE_LENGTH, ENVELOPE_LENGTH + 2));
  if (!/^\d{4}$/.test(mti)) throw new IsoFormatError(0, ENVELOPE_LENGTH, "the type is not digits");
  const bitmap = bytes.subarray(ENVELOPE_LENGTH + 2, bodyStart);
  if ((bitmap[0]! & 0x80) !== 0) throw new IsoFormatError(1, ENVELOPE_LENGTH + 2, "no second bitmap in this dialect");
  const fields: Partial<Record<number, string>> = {};
  const pieces = readPieces(bytes, bitmap, bodyStart);
  let next = pieces.next();
  for (; !next.done; next = pieces.next()) fields[next.value.number] = next.value.value;
  if (next.value !== bytes.length) throw new IsoFormatError(0, next.value, "bytes after the last field");
  return { tpdu: hex(bytes.subarray(0, 5)), header: hex(bytes.subarray(5, ENVELOPE_LENGTH)), mti, fields };
}

/** Bytes of a field's length and value; throws where the value does not fit. */
function sizeOf(number: number, field: Field | undefined, value: string): number {
  if (!field) throw new IsoFormatError(number, 0, "not in this dialect");
  const length = field.kind === "binary" ? value.length / 2 : value.length;
  const fits = field.lengthDigits === 0 ? length === field.length : length <= field.length;
  if (!fits) throw new IsoFormatError(number, 0, "its length does not fit");
  if (field.kind === "digits" && !/^\d*$/.test(value)) throw new IsoFormatError(number, 0, "not digits");
  if (field.kind !== "text" && !/^[0-9A-Fa-f]*$/.test(value)) throw new IsoFormatError(number, 0, "not hex digits");
  return Math.ceil(field.lengthDigits / 2) + bytesFor(field, Math.ceil(length));
}

/** Writes one field; gives the place behind it. */
function writeField(into: Buffer, start: number, field: Field, value: string): number {
  const length = field.kind === "binary" ? value.length / 2 : value.length;
  let at = start;
  if (field.lengthDigits > 0) {
    at += into.write(String(length).padStart(field.lengthDigits === 2 ? 2 : 4, "0"), at, "hex");
  }
  if (field.kind === "text") return at + into.write(value, at, "latin1");
  return at + into.write(value.length % 2 === 0 ? value : `${value}0`, at, "hex");
}

/** Writes a whole frame. Throws `IsoFormatError` for a value its field cannot hold. */
export function encodeMessage(message: Message): Uint8Array {
  const { fields } = message;
  let length = ENVELOPE_LENGTH + 2 + BITMAP_LENGTH;
  // Whole numbers are an object's members in growing order.
  for (const name in fields) {
    const number = Number(name);
    const value = fields[number];
    if (value !== undefined) length += sizeOf(number, unionpayFields.get(number), value);
  }
  const bytes = Buffer.from(new ArrayBuffer(length));
  const bitmap = ENVELOPE_LENGTH + 2;
  bytes.write(message.tpdu + message.header + message.mti, 0, "hex");
  let at = bitmap + BITMAP_LENGTH;
  for (const name in fields) {
    const number = Number(name);
    const value = fields[number];
    if (value === undefined) continue;
    bytes[bitmap + ((number - 1) >> 3)]! |= 0x80 >> ((number - 1) & 7);
    at = writeField(bytes, at, unionpayFields.get(number)!, value);
  }
  return new Uint8Array(bytes.buffer);
}

/** The envelope of an answer: `60`, then the request's source becomes the destination and the other way round. */
export function swapAddresses(tpdu: string): string {
  return tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6);
}
