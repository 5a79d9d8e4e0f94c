/** Explains BER-TLV data object by data object for people: secrets masked, rubbish answered with an error line. */
import { toLatin1 } from "../acquirer/bytes.ts";
import { showElement } from "../acquirer/log.ts";
import { parseDol, readTlv, type Tlv } from "../acquirer/tlv.ts";
import { tagNames } from "./tag-names.ts";

const LISTS = ["8C", "8D", "97", "9F38", "9F49"];
const TEXTS = ["50", "5F2D", "84", "8A", "9F12", "9F1C", "9F1E", "9F4E", "9F16"];
const MAX_LENGTH = 65_536;

function nameOf(tag: string): string {
  return `${tag} ${tagNames[tag] ?? "unknown data element"}`;
}

function describeList(value: Uint8Array): string[] {
  try {
    return parseDol(value).map(({ tag, length }) => `  ${nameOf(tag)}, ${length} bytes`);
  } catch (error) {
    if (error instanceof RangeError) return [`  error: ${error.message}`];
    throw error;
  }
}

function describeOne(object: Tlv): string[] {
  const head = `${nameOf(object.tag)} (${object.value.length})`;
  if (object.children) return [head, ...object.children.flatMap(describeOne).map((line) => `  ${line}`)];
  if (LISTS.includes(object.tag)) return [head, ...describeList(object.value)];
  const text = TEXTS.includes(object.tag) ? toLatin1(object.value) : "";
  const readable = /^[\x20-\x7e]+$/.test(text) ? ` "${text}"` : "";
  return [`${head}: ${showElement(object.tag, object.value)}${readable}`];
}

/** Lines that explain the bytes. Never throws; what is no TLV ends in one error line. */
export function describeTlv(bytes: Uint8Array): string[] {
  if (bytes.length > MAX_LENGTH) return ["error: longer than any data on a card"];
  const lines: string[] = [];
  try {
    for (const object of readTlv(bytes)) lines.push(...describeOne(object));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    lines.push(`error: ${error.message}`);
  }
  return lines.length > 0 ? lines : ["error: no data objects"];
}
