import { FormatError } from "../codec/errors.ts";
import { ByteReader } from "../codec/reader.ts";
import { elementFormat } from "./tags.ts";

/** One element that a card asks for: its tag and the length of its place. */
export interface DolEntry {
  readonly tag: number;
  readonly length: number;
}

/** Finds an element's value, or `undefined`. */
export type ElementLookup = (tag: number) => Uint8Array | undefined;

/** A data object list is a card's short answer: more entries than this are no list. */
const maximumEntries = 64;

/** Parses a data object list (EMV 4.3 Book 3, 5.4). Throws `FormatError` when an entry is cut short. */
export function parseDol(list: Uint8Array, field = "data object list"): DolEntry[] {
  const reader = new ByteReader(list);
  const entries: DolEntry[] = [];
  while (reader.remaining > 0) {
    if (entries.length === maximumEntries) {
      throw new FormatError(field, reader.offset, `more than ${maximumEntries} entries`);
    }
    const tag = readTag(reader, field);
    entries.push({ tag, length: reader.byte(field) });
  }
  return entries;
}

/** True when the list asks for this element. */
export function dolAsksFor(list: Uint8Array | undefined, tag: number): boolean {
  return list !== undefined && parseDol(list).some((entry) => entry.tag === tag);
}

/**
 * The bytes a card asked for, in its order and lengths (Book 3, 5.4): unknown and constructed elements are zeros;
 * numbers keep their right end, everything else its left one.
 */
export function buildDol(list: Uint8Array, lookup: ElementLookup, field = "data object list"): Uint8Array {
  const entries = parseDol(list, field);
  let length = 0;
  for (const entry of entries) {
    length += entry.length;
  }
  const data = new Uint8Array(length);
  let offset = 0;
  for (const entry of entries) {
    const value = isConstructed(entry.tag) ? undefined : lookup(entry.tag);
    if (value !== undefined) {
      place(data.subarray(offset, offset + entry.length), value, entry.tag);
    }
    offset += entry.length;
  }
  return data;
}

function place(target: Uint8Array, value: Uint8Array, tag: number): void {
  const format = elementFormat(tag);
  const missing = target.length - value.length;
  if (format === "numeric") {
    target.set(missing < 0 ? value.subarray(-missing) : value, Math.max(0, missing));
    return;
  }
  target.set(missing < 0 ? value.subarray(0, target.length) : value);
  if (format === "compressedNumeric" && missing > 0) {
    target.fill(0xff, value.length);
  }
}

function readTag(reader: ByteReader, field: string): number {
  const start = reader.offset;
  let byte = reader.byte(field);
  let tag = byte;
  if ((byte & 0x1f) !== 0x1f) {
    return tag;
  }
  do {
    if (reader.offset - start >= 4) {
      throw new FormatError(field, start, "tag longer than 4 bytes");
    }
    byte = reader.byte(field);
    tag = tag * 256 + byte;
  } while (byte & 0x80);
  return tag;
}

function isConstructed(tag: number): boolean {
  const first = tag > 0xffffff ? tag >>> 24 : tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}
