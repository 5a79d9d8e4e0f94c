/**
 * Merchant-presented codes (EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, 1.1): objects of two digits of
 * identifier, two of length in characters, and the value; a check over all of it at the end.
 */
import { crc16 } from "#native/digest";
import { FormatError } from "../codec/errors.ts";
import { utf8ToBytes } from "../codec/text.ts";
import { additionalRules, languageRules, type ObjectRule, ownerRules, rootRules } from "./emv-qr-table.ts";

/** A data object of a code; templates have objects inside. */
export interface QrObject {
  /** Two digits. */
  readonly id: string;
  readonly value: string;
  readonly objects?: readonly QrObject[];
}

/** What a code is for: a purchase has all that a receipt says of a merchant; a transfer between people leaves that out. */
export type QrUse = "purchase" | "transfer";

/** Objects that have to be there beside the check (table 3.1). */
const mandatory: Readonly<Record<QrUse, readonly string[]>> = Object.freeze({
  purchase: Object.freeze(["52", "53", "58", "59", "60"]),
  transfer: Object.freeze(["53", "58"]),
});

const checkHead = "6304";
const checkLength = 4;
/** Characters of a whole code (3.1). */
const longestCode = 512;
/** What no object may have: it could not be printed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/u;

/** CRC of 16 bits, polynomial 1021, begun with FFFF (4.7.3), over the text in UTF-8, as four digits. */
export function qrCheck(text: string): string {
  const rest = crc16(utf8ToBytes(text), 0xffff);
  return rest.toString(16).toUpperCase().padStart(checkLength, "0");
}

/**
 * Reads a code strictly. Offsets in errors are in characters.
 * @throws FormatError where a length, an object or the check is not as the specification has it
 */
export function parseEmvQr(text: string, use: QrUse = "purchase"): readonly QrObject[] {
  // Characters are code points; an engine cuts texts faster than arrays, where the two are the same.
  const characters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
  if (characters.length > longestCode)
    throw new FormatError("code", longestCode, `more than ${longestCode} characters`);
  const bad = text.search(unprintable);
  if (bad >= 0) throw new FormatError("code", bad, "a character that cannot be printed");
  const objects = readObjects({ characters, from: 0, to: characters.length }, "code", rootRules);
  const last = objects[objects.length - 1];
  if (objects[0]?.id !== "00") throw new FormatError("code", 0, "object 00 must come first");
  const checked = characters.length - checkLength;
  if (last?.id !== "63") throw new FormatError("code", characters.length, "object 63 must come last");
  if (last.value !== qrCheck(textOf({ characters, from: 0, to: checked })))
    throw new FormatError("object 63", checked, "not the check of the rest");
  const isThere = (id: string): boolean => objects.some((object) => object.id === id);
  for (const id of mandatory[use]) if (!isThere(id)) throw new FormatError("code", 0, `object ${id} is missing`);
  if (!objects.some(({ id }) => id >= "02" && id <= "51")) throw new FormatError("code", 0, "no merchant account");
  const tip = objects.find(({ id }) => id === "55")?.value;
  if (isThere("56") !== (tip === "02") || isThere("57") !== (tip === "03"))
    throw new FormatError("object 55", 0, "a fee goes with the word that says it");
  return objects;
}

/** The text of a code: objects in the given order, version before and check behind. Throws `FormatError` as reading it would. */
export function buildEmvQr(objects: readonly QrObject[], use: QrUse = "purchase"): string {
  const text = `${writeObjects([{ id: "00", value: "01" }, ...objects])}${checkHead}`;
  const whole = text + qrCheck(text);
  parseEmvQr(whole, use);
  return whole;
}

/** Objects one behind the other; of a template what is inside counts, not its value. */
function writeObjects(objects: readonly QrObject[]): string {
  let text = "";
  for (const { id, value, objects: inside } of objects) {
    const content = inside === undefined ? value : writeObjects(inside);
    text += `${id}${String(Array.from(content).length).padStart(2, "0")}${content}`;
  }
  return text;
}

/** A part of a code. */
interface Part {
  readonly characters: readonly string[] | string;
  readonly from: number;
  readonly to: number;
}

function textOf({ characters, from, to }: Part): string {
  return typeof characters === "string" ? characters.slice(from, to) : characters.slice(from, to).join("");
}

function readObjects({ characters, from, to }: Part, name: string, rules: readonly ObjectRule[]): readonly QrObject[] {
  const objects: QrObject[] = [];
  for (let at = from; at < to; ) {
    const id = numberAt({ characters, from: at, to }, name);
    const length = Number(numberAt({ characters, from: at + 2, to }, `object ${id}`));
    const begin = at + 4;
    if (length === 0) throw new FormatError(`object ${id}`, at + 2, "empty");
    if (length > to - begin) throw new FormatError(`object ${id}`, at + 2, "longer than what is left");
    if (objects.some((object) => object.id === id)) throw new FormatError(`object ${id}`, at, "comes twice");
    objects.push(readObject({ characters, from: begin, to: begin + length }, id, rules));
    at = begin + length;
  }
  return objects;
}

function readObject(part: Part, id: string, rules: readonly ObjectRule[]): QrObject {
  const { from, to } = part;
  const value = textOf(part);
  const rule = rules.find((one) => Number(id) >= one.from && Number(id) <= one.to);
  if (rule === undefined) return { id, value };
  if (to - from > rule.longest) throw new FormatError(`object ${id}`, from, `more than ${rule.longest} characters`);
  if (rule.form?.test(value) === false) throw new FormatError(`object ${id}`, from, rule.problem ?? "another form");
  if (rule.isTemplate !== true) return { id, value };
  const isRoot = rules === rootRules;
  const inside = isRoot && id === "62" ? additionalRules : isRoot && id === "64" ? languageRules : ownerRules;
  const objects = readObjects(part, `object ${id}`, inside);
  const needed = inside === additionalRules ? [] : inside === languageRules ? ["00", "01"] : ["00"];
  for (const each of needed) {
    if (!objects.some((object) => object.id === each))
      throw new FormatError(`object ${id}`, from, `no object ${each} inside`);
  }
  return { id, value, objects };
}

/** Two digits. */
function numberAt({ characters, from, to }: Part, name: string): string {
  const text = textOf({ characters, from, to: Math.min(from + 2, to) });
  if (!/^\d\d$/.test(text)) throw new FormatError(name, from, "two digits expected");
  return text;
}
