import { scanTlv, writeTlv } from "#native/tlv";
import { copy } from "./bytes.ts";
import { FormatError } from "./errors.ts";

/**
 * One BER-TLV data object (EMV 4.3 Book 3, annex B). The tag is its bytes as one number: `0x9F02`.
 * `value` is a view of the input for both kinds; a constructed object also has its parsed children, unless it was to stay
 * closed.
 */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Present exactly when the tag says "constructed" (bit 6 of its first byte) and the input was read at every depth. */
  readonly children?: readonly Tlv[];
}

/** A data object to encode: a value, or children for a constructed tag. */
export type TlvInput =
  | { readonly tag: number; readonly value: Uint8Array }
  | { readonly tag: number; readonly children: readonly TlvInput[] };

/** How data objects are written. */
export interface TlvOptions {
  /** Lengths are always one byte, 0 to 255, without the BER long form. */
  readonly simpleLength?: boolean;
  /** Constructed objects stay closed: what is wrong in one of them is no fault of the others. */
  readonly flat?: boolean;
}

/** Templates in templates: EMV needs three levels. */
const maximumDepth = 8;

/** Length bytes after 81 to 84: EMV objects need at most two. */
const maximumLengthBytes = 4;

/** Tags have one to four bytes (DF 81 nn, BF 81 nn). */
const maximumTagBytes = 4;

/** Objects of one input, at every depth: a card's whole data has some sixty, and each takes a dozen slots of the heap. */
const maximumObjects = 128;

interface Position {
  offset: number;
  /** Objects so far. */
  count: number;
}

/**
 * Parses a sequence of data objects to a tree. `00` bytes before, between and after objects are skipped
 * (EMV 4.3 Book 3, annex B1). Length `80` is an empty value: EMV has no indefinite form.
 * Throws `FormatError` when an object does not fit into what encloses it, and for more than 128 objects.
 */
export function parseTlv(bytes: Uint8Array, options: TlvOptions = {}): Tlv[] {
  const places = scanTlv(bytes, options.simpleLength === true, options.flat === true);
  return places === undefined ? parseTlvByBytes(bytes, options) : treeOf(bytes, places, 0, places.length, options);
}

/** The same byte by byte, in TypeScript alone: what is wrong is found here. */
export function parseTlvByBytes(bytes: Uint8Array, options: TlvOptions): Tlv[] {
  return parseObjects(bytes, { offset: 0, count: 0 }, bytes.length, options, 0);
}

/** The objects whose places stand between two items of the list (native/tlv.ts). */
function treeOf(bytes: Uint8Array, places: readonly number[], from: number, to: number, options: TlvOptions): Tlv[] {
  const { buffer, byteOffset } = bytes;
  const objects: Tlv[] = [];
  for (let at = from; at < to; ) {
    const tag = places[at]!;
    const place = places[at + 1]!;
    const next = at + 3 + 3 * places[at + 2]!;
    // Not `subarray`, which costs an engine twice as much.
    const value = new Uint8Array(buffer, byteOffset + (place >> 16), place & 0xffff);
    if (options.flat !== true && isConstructed(tag)) {
      objects.push({ tag, value, children: treeOf(bytes, places, at + 3, next, options) });
    } else {
      objects.push({ tag, value });
    }
    at = next;
  }
  return objects;
}

function isConstructed(tag: number): boolean {
  const first = tag > 0xffffff ? tag >>> 24 : tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}

/** Parses exactly one data object that fills the whole input, such as the body of a response. */
export function parseOneTlv(bytes: Uint8Array, options: TlvOptions = {}): Tlv {
  const objects = parseTlv(bytes, options);
  const [first] = objects;
  if (first === undefined || objects.length !== 1) {
    throw new FormatError("tlv", 0, `one data object expected, ${objects.length} found`);
  }
  return first;
}

function parseObjects(bytes: Uint8Array, at: Position, end: number, options: TlvOptions, depth: number): Tlv[] {
  if (depth > maximumDepth) {
    throw new FormatError("tlv", at.offset, `more than ${maximumDepth} levels`);
  }
  const objects: Tlv[] = [];
  while (at.offset < end) {
    const first = bytes[at.offset]!;
    if (first === 0) {
      at.offset++;
      continue;
    }
    if (++at.count > maximumObjects) {
      throw new FormatError("tlv", at.offset, `more than ${maximumObjects} objects`);
    }
    const tag = readTag(bytes, at, end);
    const length = readLength(bytes, at, end, options.simpleLength === true);
    if (length > end - at.offset) {
      throw new FormatError("tlv value", at.offset, `${length} bytes expected, ${end - at.offset} left`);
    }
    const valueEnd = at.offset + length;
    const value = bytes.subarray(at.offset, valueEnd);
    if (first & 0x20 && options.flat !== true) {
      objects.push({ tag, value, children: parseObjects(bytes, at, valueEnd, options, depth + 1) });
    } else {
      objects.push({ tag, value });
    }
    at.offset = valueEnd;
  }
  return objects;
}

function readTag(bytes: Uint8Array, at: Position, end: number): number {
  const start = at.offset;
  let byte = bytes[at.offset++]!;
  let tag = byte;
  if ((byte & 0x1f) !== 0x1f) {
    return tag;
  }
  do {
    if (at.offset >= end) {
      throw new FormatError("tlv tag", start, "more bytes expected");
    }
    if (at.offset - start >= maximumTagBytes) {
      throw new FormatError("tlv tag", start, `longer than ${maximumTagBytes} bytes`);
    }
    byte = bytes[at.offset++]!;
    tag = tag * 256 + byte;
  } while (byte & 0x80);
  return tag;
}

function readLength(bytes: Uint8Array, at: Position, end: number, simple: boolean): number {
  if (at.offset >= end) {
    throw new FormatError("tlv length", at.offset, "1 byte expected, 0 left");
  }
  const first = bytes[at.offset++]!;
  if (simple || first < 0x80) {
    return first;
  }
  const count = first & 0x7f;
  if (count > maximumLengthBytes) {
    throw new FormatError("tlv length", at.offset - 1, `longer than ${maximumLengthBytes} bytes`);
  }
  if (count > end - at.offset) {
    throw new FormatError("tlv length", at.offset, `${count} bytes expected, ${end - at.offset} left`);
  }
  let length = 0;
  for (let i = 0; i < count; i++) {
    length = length * 256 + bytes[at.offset++]!;
  }
  return length;
}

/** The first object with this tag, depth first, children before what follows their parent. */
export function findTag(objects: readonly Tlv[], tag: number): Tlv | undefined {
  for (const object of objects) {
    if (object.tag === tag) {
      return object;
    }
    const inside = object.children === undefined ? undefined : findTag(object.children, tag);
    if (inside !== undefined) {
      return inside;
    }
  }
  return undefined;
}

/** All objects with this tag at any depth, in the order of the input. */
export function findAllTags(objects: readonly Tlv[], tag: number): Tlv[] {
  const found: Tlv[] = [];
  for (const object of objects) {
    if (object.tag === tag) {
      found.push(object);
    }
    if (object.children !== undefined) {
      found.push(...findAllTags(object.children, tag));
    }
  }
  return found;
}

/** Value of the first object with this tag, at any depth. */
export function tagValue(objects: readonly Tlv[], tag: number): Uint8Array | undefined {
  return findTag(objects, tag)?.value;
}

/** True when the number is one whole, well-formed BER tag: one byte, or a first one that ends in 1F, then higher ones up to the last. */
export function isTag(tag: number): boolean {
  if (!Number.isInteger(tag) || tag <= 0 || tag > 0xffffffff) {
    return false;
  }
  if (tag <= 0xff) {
    return (tag & 0x1f) !== 0x1f;
  }
  if (tag <= 0xffff) {
    return (tag & 0x1f80) === 0x1f00;
  }
  return tag <= 0xffffff ? (tag & 0x1f8080) === 0x1f8000 : (tag & 0x1f808080) === 0x1f808000;
}

/** The bytes of a tag, as they stand before its length. */
export function tagBytes(tag: number): Uint8Array {
  if (tag <= 0xff) {
    return Uint8Array.of(tag);
  }
  if (tag <= 0xffff) {
    return Uint8Array.of(tag >> 8, tag);
  }
  return tag <= 0xffffff ? Uint8Array.of(tag >> 16, tag >> 8, tag) : Uint8Array.of(tag >> 24, tag >> 16, tag >> 8, tag);
}

/** Writes data objects one after another, with the shortest form of each length. */
export function encodeTlv(objects: readonly TlvInput[], options: TlvOptions = {}): Uint8Array {
  const written = options.simpleLength === true ? undefined : writeTlv(objects);
  return written ?? encodeTlvByBytes(objects, options);
}

/** The same in TypeScript alone: what is wrong is found here. */
export function encodeTlvByBytes(objects: readonly TlvInput[], options: TlvOptions): Uint8Array {
  const simple = options.simpleLength === true;
  const values = objects.map((object) => {
    checkInput(object);
    return "children" in object ? encodeTlvByBytes(object.children, options) : object.value;
  });
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const { length } = values[i]!;
    if (simple && length > 0xff) {
      throw new FormatError("tlv length", 0, "more than 255 bytes in a one-byte length");
    }
    size += bytesOf(objects[i]!.tag) + (simple || length < 0x80 ? 1 : 1 + bytesOf(length)) + length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const { length } = value;
    at = putNumber(bytes, at, objects[i]!.tag);
    if (!simple && length >= 0x80) bytes[at++] = 0x80 | bytesOf(length);
    at = putNumber(bytes, at, length);
    copy(value, bytes, at);
    at += length;
  }
  return bytes;
}

function checkInput(object: TlvInput): void {
  const { tag } = object;
  if (!isTag(tag)) {
    throw new FormatError("tlv tag", 0, "not one whole BER tag");
  }
  const constructed = isConstructed(tag);
  if (constructed !== "children" in object) {
    throw new FormatError("tlv tag", 0, constructed ? "children expected" : "a value expected");
  }
}

/** Bytes that a number below 2^32 takes, at least one. */
function bytesOf(value: number): number {
  return value > 0xffffff ? 4 : value > 0xffff ? 3 : value > 0xff ? 2 : 1;
}

/** Writes a number below 2^32 and gives the place behind it. */
function putNumber(bytes: Uint8Array, at: number, value: number): number {
  let place = at;
  if (value > 0xffffff) bytes[place++] = value >>> 24;
  if (value > 0xffff) bytes[place++] = value >> 16;
  if (value > 0xff) bytes[place++] = value >> 8;
  bytes[place++] = value;
  return place;
}
