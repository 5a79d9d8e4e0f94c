import { copy } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
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
  const entries: DolEntry[] = [];
  for (let at = 0; at < list.length; ) {
    if (entries.length === maximumEntries) {
      throw new FormatError(field, at, `more than ${maximumEntries} entries`);
    }
    const end = endOfTag(list, at, field);
    if (end >= list.length) {
      throw new FormatError(field, end, "1 byte expected, 0 left");
    }
    let tag = list[at]!;
    while (++at < end) {
      tag = tag * 256 + list[at]!;
    }
    entries.push({ tag, length: list[at++]! });
  }
  return entries;
}

/** The place behind the tag that begins at `start`. */
function endOfTag(list: Uint8Array, start: number, field: string): number {
  let at = start + 1;
  if ((list[start]! & 0x1f) !== 0x1f) {
    return at;
  }
  do {
    if (at - start >= 4) {
      throw new FormatError(field, start, "tag longer than 4 bytes");
    }
    if (at >= list.length) {
      throw new FormatError(field, at, "1 byte expected, 0 left");
    }
  } while (list[at++]! & 0x80);
  return at;
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
  for (let at = 0; at < entries.length; at++) {
    length += entries[at]!.length;
  }
  const data = new Uint8Array(length);
  let offset = 0;
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]!;
    const value = isConstructed(entry.tag) ? undefined : lookup(entry.tag);
    if (value !== undefined) {
      place(data, offset, entry, value);
    }
    offset += entry.length;
  }
  return data;
}

function place(data: Uint8Array, offset: number, { tag, length }: DolEntry, value: Uint8Array): void {
  const missing = length - value.length;
  if (missing === 0) {
    copy(value, data, offset);
    return;
  }
  const format = elementFormat(tag);
  if (format === "numeric") {
    copy(missing < 0 ? value.subarray(-missing) : value, data, offset + Math.max(0, missing));
    return;
  }
  copy(missing < 0 ? value.subarray(0, length) : value, data, offset);
  if (format === "compressedNumeric" && missing > 0) {
    data.fill(0xff, offset + value.length, offset + length);
  }
}

function isConstructed(tag: number): boolean {
  const first = tag > 0xffffff ? tag >>> 24 : tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}
