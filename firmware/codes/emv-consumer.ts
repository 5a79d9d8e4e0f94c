/**
 * Consumer-presented codes (EMV QR Code Specification for Payment Systems, Consumer-Presented Mode, 1.1): BER-TLV in base64, 85 with the
 * version first, then one template (61) for each application that the customer's phone offers, and one (62) for what all of them have.
 */
import { base64ToBytes } from "../codec/base64.ts";
import { FormatError } from "../codec/errors.ts";
import { encodeTlv, parseTlv, type Tlv, type TlvInput } from "../codec/tlv.ts";

export interface ConsumerCode {
  /**
   * What each application says, in the order that the customer prefers: its own elements, those that its issuer's host judges (63), and
   * then what is said for all. Values are views of `bytes`.
   */
  readonly applications: readonly (readonly Tlv[])[];
  /** All of the code, with the card's number in it: to be wiped. */
  readonly bytes: Uint8Array;
}

/** How every such code begins: 85, its length, `CPV0` and the first bits of the next digit. */
export const consumerHead = "hQVDUFYwM";
/** Characters of a code. */
const longestCode = 512;
/** Of elements that decisions hang on: fewest and most bytes (annex A; EMV 4.3 Book 3, annex A). */
const lengths: readonly (readonly [tag: number, least: number, most: number])[] = Object.freeze([
  range(0x4f, 5, 16),
  range(0x50, 1, 16),
  range(0x57, 8, 19),
  range(0x5a, 5, 10),
  range(0x82, 2, 2),
  range(0x5f20, 2, 26),
  range(0x5f24, 3, 3),
  range(0x5f2d, 2, 8),
  range(0x5f34, 1, 1),
  range(0x9f08, 2, 2),
  range(0x9f10, 1, 32),
  range(0x9f25, 2, 2),
  range(0x9f26, 8, 8),
  range(0x9f27, 1, 1),
  range(0x9f36, 2, 2),
  range(0x9f37, 4, 4),
]);

function range(tag: number, least: number, most: number): readonly [number, number, number] {
  return Object.freeze([tag, least, most] as const);
}

const applicationTag = 0x61;
const commonTag = 0x62;
/** Inside of each of the two: what the issuer's host judges. */
const transparentBehind = 2;
const versionTag = 0x85;
const nameTag = 0x4f;
const version: readonly number[] = Object.freeze([0x43, 0x50, 0x56, 0x30, 0x31]);

/** Reads a code strictly; offsets in errors are in characters of the text, then in bytes. Throws `FormatError`. */
export function parseConsumerCode(text: string): ConsumerCode {
  if (text.length > longestCode) throw new FormatError("code", longestCode, `more than ${longestCode} characters`);
  const bytes = base64ToBytes(text, "code");
  try {
    return { applications: applicationsIn(bytes), bytes };
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
}

function applicationsIn(bytes: Uint8Array): readonly (readonly Tlv[])[] {
  const [first, ...templates] = parseTlv(bytes);
  if (
    first?.tag !== versionTag ||
    first.value.length !== version.length ||
    version.some((is, at) => first.value[at] !== is)
  )
    throw new FormatError("object 85", 0, "CPV01 expected");
  const written = encodeTlv([first, ...templates].map(inputOf));
  const different = bytes.findIndex((byte, at) => byte !== written[at]);
  // Zeros between objects, and lengths in more bytes than they need: another reader might see another code.
  if (different >= 0) throw new FormatError("code", different, "not the shortest form");
  const common: Tlv[] = [];
  const applications: Tlv[][] = [];
  for (const { tag, children } of templates) {
    if (tag !== applicationTag && tag !== commonTag) continue;
    const elements = elementsOf(children ?? [], tag + transparentBehind);
    if (tag === applicationTag) applications.push(elements);
    else if (common.length > 0) throw new FormatError("object 62", 0, "comes twice");
    else common.push(...elements);
  }
  if (applications.length === 0) throw new FormatError("object 61", 0, "missing");
  for (const elements of applications) {
    if (!has(elements, nameTag)) throw new FormatError("object 4f", 0, "missing");
    elements.push(...common.filter(({ tag }) => !has(elements, tag)));
  }
  return applications;
}

const has = (elements: readonly Tlv[], wanted: number): boolean => elements.some(({ tag }) => tag === wanted);

/** A template's elements and, behind them, those of the template inside; each of them once. */
function elementsOf(objects: readonly Tlv[], inner: number): Tlv[] {
  const elements: Tlv[] = [];
  const add = (object: Tlv): void => {
    const name = `object ${object.tag.toString(16)}`;
    const [, least, most] = lengths.find(([tag]) => tag === object.tag) ?? [0, 0, 255];
    const { length } = object.value;
    if (has(elements, object.tag)) throw new FormatError(name, 0, "comes twice");
    if (length < least || length > most) throw new FormatError(name, 0, `${least} to ${most} bytes expected`);
    elements.push(object);
  };
  for (const object of objects) {
    if (object.children === undefined) add(object);
    else if (object.tag === inner && !objects.some((other) => other !== object && other.tag === inner))
      for (const each of object.children) {
        if (each.children !== undefined) throw new FormatError("template", 0, "another one inside");
        add(each);
      }
    else throw new FormatError("template", 0, "another one inside");
  }
  return elements;
}

function inputOf({ tag, value, children }: Tlv): TlvInput {
  return children === undefined ? { tag, value } : { tag, children: children.map(inputOf) };
}
