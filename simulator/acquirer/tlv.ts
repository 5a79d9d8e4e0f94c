/** BER-TLV as cards and issuers use it (ISO/IEC 8825-1 as EMV 4.3 Book 3, annex B restricts it). */
import { concat, fromHex, hex } from "./bytes.ts";

/** One data object; `children` only where the tag says constructed. */
export interface Tlv {
  readonly tag: string;
  readonly value: Uint8Array;
  readonly children?: readonly Tlv[];
  /** Where the object's tag starts in the bytes given. */
  readonly offset: number;
}

const MAX_DEPTH = 8;

/** A data object and where the next one starts. */
interface Step {
  readonly object: Tlv;
  readonly next: number;
}

/** Reads one object's tag from `start`; gives the offset behind it. */
function tagEnd(bytes: Uint8Array, start: number, base: number): number {
  let at = start + 1;
  if ((bytes[start]! & 0x1f) !== 0x1f) return at;
  do {
    if (at >= bytes.length || at - start > 3) throw new RangeError(`tag does not end at offset ${base + start}`);
  } while ((bytes[at++]! & 0x80) !== 0);
  return at;
}

function readObject(bytes: Uint8Array, start: number, depth: number, base: number): Step {
  let at = tagEnd(bytes, start, base);
  const tag = hex(bytes.subarray(start, at));
  if (at >= bytes.length) throw new RangeError(`${tag} has no length at offset ${base + at}`);
  let length = bytes[at++]!;
  if (length > 0x7f) {
    const count = length & 0x7f;
    if (count === 0 || count > 3 || at + count > bytes.length) {
      throw new RangeError(`${tag} has a bad length at offset ${base + at - 1}`);
    }
    length = Number.parseInt(hex(bytes.subarray(at, at + count)), 16);
    at += count;
  }
  const next = at + length;
  if (next > bytes.length) throw new RangeError(`${tag} is cut short at offset ${base + at}`);
  const value = bytes.slice(at, next);
  const constructed = (bytes[start]! & 0x20) !== 0;
  const object = { tag, value, offset: base + start };
  return { object: constructed ? { ...object, children: parseTlv(value, depth + 1, base + at) } : object, next };
}

/**
 * Gives each data object in turn. Zero bytes between objects are skipped (annex B1).
 * Throws `RangeError` with the offset, never with a value, when a tag or a length does not fit.
 */
export function* readTlv(bytes: Uint8Array, depth = 0, base = 0): Generator<Tlv, void> {
  if (depth > MAX_DEPTH) throw new RangeError(`nested too deep at offset ${base}`);
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    const { object, next } = readObject(bytes, at, depth, base);
    yield object;
    at = next;
  }
}

/** Every data object at once; throws as `readTlv` does. */
export function parseTlv(bytes: Uint8Array, depth = 0, base = 0): Tlv[] {
  return [...readTlv(bytes, depth, base)];
}

/** Tag, length and value of one object; several values are joined. */
export function tlv(tag: string, ...values: readonly Uint8Array[]): Uint8Array {
  const value = concat(...values);
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x100
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff];
  return concat(fromHex(tag), Uint8Array.from(length), value);
}

/** The first object with that tag, searched in depth. */
export function findTlv(objects: readonly Tlv[], tag: string): Uint8Array | undefined {
  for (const object of objects) {
    if (object.tag === tag) return object.value;
    const inside = object.children && findTlv(object.children, tag);
    if (inside) return inside;
  }
  return undefined;
}

/** The top-level objects by tag; the last of a repeated tag wins. */
export function tlvMap(objects: readonly Tlv[]): Map<string, Uint8Array> {
  return new Map(objects.map((object) => [object.tag, object.value]));
}

/** One entry of a data object list (DOL, EMV 4.3 Book 3, 5.4). */
export interface DolEntry {
  readonly tag: string;
  readonly length: number;
}

/** Reads a DOL: tags and lengths without values. Throws `RangeError` when it does not end with a length. */
export function parseDol(bytes: Uint8Array): DolEntry[] {
  const entries: DolEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    if ((bytes[at++]! & 0x1f) === 0x1f) {
      while (at < bytes.length && (bytes[at]! & 0x80) !== 0) at += 1;
      at += 1;
    }
    const length = bytes[at];
    if (length === undefined) throw new RangeError(`data object list is cut short at offset ${start}`);
    entries.push({ tag: hex(bytes.subarray(start, at)), length });
    at += 1;
  }
  return entries;
}

/** The values that a command's data field carries for a DOL; undefined when the length does not fit. */
export function splitByDol(dol: readonly DolEntry[], data: Uint8Array): Map<string, Uint8Array> | undefined {
  const values = new Map<string, Uint8Array>();
  let at = 0;
  for (const { tag, length } of dol) {
    if (at + length > data.length) return undefined;
    values.set(tag, data.slice(at, at + length));
    at += length;
  }
  return at === data.length ? values : undefined;
}
