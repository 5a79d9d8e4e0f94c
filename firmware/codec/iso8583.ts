import { concat, wipe } from "./bytes.ts";
import { FormatError } from "./errors.ts";
import { bitmapToNumbers, readBitmap, writeBitmap } from "./iso8583-bitmap.ts";
import type { Encoding, FieldRule, Packager } from "./iso8583-packager.ts";
import {
  checkContent,
  lengthSize,
  packCharacters,
  packedLength,
  packHex,
  packLength,
  unpackCharacters,
  unpackHex,
  unpackLength,
} from "./iso8583-value.ts";
import { ByteReader } from "./reader.ts";
import { bytesToLatin1, latin1ToBytes } from "./text.ts";

/**
 * A field's value: text of `n`, `an`, `ans`, `z` and `x+n` fields, bytes of `b` fields. Encoding also takes the
 * characters of a text field as bytes; decoding gives those for fields marked `secret`. No string is made of bytes on the
 * way, and what is made of them is wiped, but for the result.
 */
export type FieldValue = string | Uint8Array;

/**
 * A message without its framing: four digits of type, and fields 2 to 128 by number. Field 1 is the second bitmap, 8
 * bytes, as it was read; in a message to write it asks for one that no field needs, and its bits are made anew.
 */
export interface Message {
  readonly mti: string;
  readonly fields: ReadonlyMap<number, FieldValue>;
}

const mtiRule: FieldRule = Object.freeze({ content: "n", length: "fixed", size: 4 });

/**
 * Reads a message (ISO 8583:1987, 4). Every value is a copy. Text has one character a byte (ISO 8859-1).
 * Throws `FormatError` naming the field and its offset when something is missing, too long, of the wrong kind,
 * not in the dialect, or left over.
 */
export function decodeMessage(packager: Packager, bytes: Uint8Array): Message {
  const reader = new ByteReader(bytes);
  const mti = bytesToLatin1(readCharacters(reader, mtiRule, mtiEncoding(packager), mtiRule.size, "mti"));
  const fields = new Map<number, FieldValue>();
  const numbers = bitmapToNumbers(readBitmap(reader, packager.bitmap));
  if (numbers[0] === 1) {
    const second = readBitmap(reader, packager.bitmap);
    fields.set(1, second);
    numbers.shift();
    numbers.push(...bitmapToNumbers(second).map((number) => 64 + number));
  }
  const message = { mti, fields };
  try {
    for (const number of numbers) {
      const field = `field ${number}`;
      fields.set(number, readField(reader, packager, ruleOf(packager, number, field, reader.offset), field));
    }
    reader.end("message");
  } catch (error) {
    wipeSecrets(packager, message);
    throw error;
  }
  return message;
}

/** Overwrites the bytes of fields marked `secret`. */
export function wipeSecrets(packager: Packager, message: Message): void {
  for (const [number, value] of message.fields) {
    if (typeof value !== "string" && packager.fields[number]?.secret === true) {
      wipe(value);
    }
  }
}

/**
 * Writes a message, fields in ascending order, with a second bitmap when a field above 64 is there. Nothing is
 * padded: a fixed field comes with its full length. Throws `FormatError` for a value against its rule; its offset then
 * counts from the start of the value.
 */
export function encodeMessage(packager: Packager, message: Message): Uint8Array {
  const numbers = [...message.fields.keys()].filter((number) => number !== 1).sort((a, b) => a - b);
  const second = message.fields.has(1) || numbers.some((number) => number > 64);
  const parts: Uint8Array[] = [];
  const secrets: Uint8Array[] = [];
  try {
    if (message.mti.length !== mtiRule.size) {
      throw new FormatError("mti", 0, `${mtiRule.size} characters expected, ${message.mti.length} given`);
    }
    parts.push(packValue(message.mti, mtiRule, mtiEncoding(packager), "mti"));
    parts.push(writeBitmap(second ? [1, ...numbers] : numbers, packager.bitmap));
    for (const number of numbers) {
      const field = `field ${number}`;
      const rule = ruleOf(packager, number, field, 0);
      const value = message.fields.get(number)!;
      writeLength(parts, packager, rule, value.length, field);
      const packed = packValue(value, rule, encodingOf(packager, rule), field);
      parts.push(packed);
      if ((rule.secret === true || typeof value !== "string") && packed !== value) {
        secrets.push(packed);
      }
    }
    return concat(parts);
  } finally {
    secrets.forEach(wipe);
  }
}

function ruleOf(packager: Packager, number: number, field: string, offset: number): FieldRule {
  const rule = packager.fields[number];
  if (rule === undefined) {
    throw new FormatError(field, offset, "not in this dialect");
  }
  return rule;
}

function mtiEncoding(packager: Packager): Encoding {
  return packager.mti === "bcd" ? "bcd-right" : packager.mti;
}

function encodingOf(packager: Packager, rule: FieldRule): Encoding {
  if (rule.encoding !== undefined) {
    return rule.encoding;
  }
  switch (rule.content) {
    case "n":
    case "x+n":
      return packager.numeric;
    case "an":
    case "ans":
      return packager.text;
    case "z":
      return packager.track;
    case "b":
      return packager.binary;
  }
}

function readField(reader: ByteReader, packager: Packager, rule: FieldRule, field: string): FieldValue {
  const start = reader.offset;
  let size = rule.size;
  if (rule.length !== "fixed") {
    const encoding = rule.lengthEncoding ?? packager.length;
    const bytes = reader.take(lengthSize(encoding, rule.length === "ll" ? 2 : 3), field);
    size = placed(start, () => unpackLength(bytes, encoding, field));
    if (size > rule.size) {
      throw new FormatError(field, start, `longer than ${rule.size}`);
    }
  }
  const encoding = encodingOf(packager, rule);
  if (rule.content !== "b") {
    const characters = readCharacters(reader, rule, encoding, size, field);
    return rule.secret === true ? characters : bytesToLatin1(characters);
  }
  const offset = reader.offset;
  const bytes = reader.take(packedLength("b", encoding, size), field);
  return encoding === "hex" ? placed(offset, () => unpackHex(bytes, field)) : bytes.slice();
}

function readCharacters(
  reader: ByteReader,
  rule: FieldRule,
  encoding: Encoding,
  size: number,
  field: string,
): Uint8Array {
  const offset = reader.offset;
  const bytes = reader.take(packedLength(rule.content, encoding, size), field);
  return placed(offset, () => {
    const characters = unpackCharacters(bytes, rule.content, encoding, size, field);
    try {
      checkContent(characters, rule.content, field);
    } catch (error) {
      wipe(characters);
      throw error;
    }
    return characters;
  });
}

function writeLength(parts: Uint8Array[], packager: Packager, rule: FieldRule, size: number, field: string): void {
  if (rule.length !== "fixed") {
    if (size > rule.size) {
      throw new FormatError(field, 0, `longer than ${rule.size}`);
    }
    parts.push(packLength(size, rule.lengthEncoding ?? packager.length, rule.length === "ll" ? 2 : 3, field));
  } else if (size !== rule.size) {
    throw new FormatError(field, 0, `${rule.size} expected, ${size} given`);
  }
}

/** The bytes of a value: a copy, but for bytes that are written as they are. */
function packValue(value: FieldValue, rule: FieldRule, encoding: Encoding, field: string): Uint8Array {
  if (rule.content !== "b") {
    const characters = typeof value === "string" ? latin1ToBytes(value, field) : value;
    checkContent(characters, rule.content, field);
    return packCharacters(characters, rule.content, encoding, field);
  }
  if (typeof value === "string") {
    throw new FormatError(field, 0, "bytes expected, text given");
  }
  return encoding === "hex" ? packHex(value) : value;
}

/** Runs a reader of one field's bytes; its errors count from the field's start and are moved to the message's. */
function placed<T>(base: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) {
      throw new FormatError(error.field, base + error.offset, error.problem);
    }
    throw error;
  }
}
