/** What the host saw and said, fit to be read: card numbers masked, tracks, PIN blocks and keys not shown. */
import { fromHex, hex, toLatin1 } from "./bytes.ts";
import type { Fields } from "./iso8583/codec.ts";
import { type Field, unionpayFields } from "./iso8583/fields.ts";
import { HIDDEN, maskCode, maskPan } from "./mask.ts";
import { parseTlv } from "./tlv.ts";
import { objectsOf } from "./wallet/field59.ts";

/** Fields by number as text, masked. */
export type MaskedFields = Readonly<Record<string, string>>;

/** One request with its answer. */
export interface LogEntry {
  readonly mti: string;
  readonly processingCode: string;
  readonly fields: MaskedFields;
  /** Absent where nothing was said. */
  readonly answer?: { readonly mti: string; readonly fields: MaskedFields };
  /** Why bytes were not a message. */
  readonly error?: string;
  /** Virtual milliseconds. */
  readonly at: number;
}

/** Tags whose value is a card number, and tags that nobody may read. */
const PAN_TAGS = ["5A"];
const SECRET_TAGS = ["57", "5F20", "5F24", "56", "9F1F", "9F6B", "9F0B", "99", "DF01"];

/** The value of a chip data element as it may be shown. */
export function showElement(tag: string, value: Uint8Array): string {
  if (PAN_TAGS.includes(tag)) return maskPan(hex(value).replace(/F+$/, ""));
  return SECRET_TAGS.includes(tag) ? HIDDEN : hex(value);
}

function showChip(value: string): string {
  try {
    return parseTlv(fromHex(value))
      .map((object) => `${object.tag}=${showElement(object.tag, object.value)}`)
      .join(" ");
  } catch (error) {
    if (error instanceof RangeError) return HIDDEN;
    throw error;
  }
}

/** Payments by code: a code that somebody's phone shows is as good as money. */
function showCode(value: string): string {
  const objects = objectsOf(value);
  if (objects === undefined) return HIDDEN;
  const shown = ([tag, text]: readonly [string, string]) => {
    if (tag === "A3") return maskCode(text);
    return ["A4", "A5", "A6"].includes(tag) ? views.clear(text) : HIDDEN;
  };
  return objects.map((object) => `${object[0]}=${shown(object)}`).join(" ");
}

const views: Record<Field["show"], (value: string) => string> = {
  clear: (value) => value.replace(/[^\x20-\x7e]/g, "."),
  pan: maskPan,
  chip: showChip,
  code: showCode,
  hidden: () => HIDDEN,
};

/** Details of a batch upload: count, then kind of card, STAN, card number, amount. */
function showUpload(value: string): string {
  const details = value.slice(2).match(/\d{40}/g) ?? [];
  const lines = details.map((detail) => {
    const pan = detail.slice(8, 28).replace(/^0+/, "");
    return `${detail.slice(0, 2)} ${detail.slice(2, 8)} ${maskPan(pan)} ${detail.slice(28)}`;
  });
  return value.length < 13 ? value : [value.slice(0, 2), ...lines].join("; ");
}

/** One field as it may be shown. The private extension's data are journal records and the like. Keys travel in field 62 of the answers to network management. */
export function showField(mti: string, number: number, value: string): string {
  if (number === 62 && mti === "0810") return HIDDEN;
  if (number === 62 && (mti === "0600" || mti === "0610")) return `<${value.length / 2} bytes>`;
  if (number === 48 && mti === "0320") return showUpload(value);
  if (number === 64) return toLatin1(fromHex(value)).replace(/[^\x20-\x7e]/g, ".");
  return views[unionpayFields.get(number)?.show ?? "hidden"](value);
}

/** All fields as they may be shown. */
export function maskFields(mti: string, fields: Fields): MaskedFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([number, value]) =>
      value === undefined ? [] : [[number, showField(mti, Number(number), value)]],
    ),
  );
}
