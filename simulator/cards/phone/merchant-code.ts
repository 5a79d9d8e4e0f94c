/** Codes that shops show, as a phone reads them: EMVCo merchant-presented mode 1.1, and wallets' links to one payment. */

/** What a code asks for; amounts in minor units. */
export interface MerchantCode {
  /** Of one payment; else the shop's own, for any amount. */
  readonly dynamic: boolean;
  readonly merchant?: string;
  readonly terminal?: string;
  readonly reference?: string;
  readonly amount?: number;
  /** ISO 4217, three digits. */
  readonly currency?: string;
  readonly name?: string;
  readonly city?: string;
  /** In the language of object 64. */
  readonly ownName?: string;
  /** Objects 55 to 57: what the phone adds, or asks its owner for. */
  readonly tip?:
    | { readonly kind: "asked" }
    | { readonly kind: "fixed"; readonly amount: number }
    | { readonly kind: "share"; readonly perCent: number };
}

/** A code that no phone pays, and at which object. The text never says a value. */
export class CodeError extends Error {
  override readonly name = "CodeError";

  constructor(where: string, what: string) {
    super(`object ${where}: ${what}`);
  }
}

type Objects = ReadonlyMap<string, string>;

/** Objects by identifier: two digits, two digits of length (characters), value. */
function objectsOf(text: string, within = ""): Objects {
  const characters = [...text];
  const objects = new Map<string, string>();
  for (let at = 0; at < characters.length; ) {
    const id = characters.slice(at, at + 2).join("");
    const length = characters.slice(at + 2, at + 4).join("");
    const where = within + id;
    if (!/^\d\d$/.test(id)) throw new CodeError(within === "" ? `at ${at}` : within, "no identifier");
    if (!/^\d\d$/.test(length) || length === "00") throw new CodeError(where, "no length");
    if (at + 4 + Number(length) > characters.length) throw new CodeError(where, "longer than what is left");
    if (objects.has(id)) throw new CodeError(where, "is there twice");
    objects.set(id, characters.slice(at + 4, at + 4 + Number(length)).join(""));
    at += 4 + Number(length);
  }
  return objects;
}

/** CRC-16 of the specification: polynomial 1021, from FFFF, over all before its value. */
function crcOf(bytes: Uint8Array): string {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

const MANDATORY = ["00", "52", "53", "58", "59", "60", "63"];

/** Forms of values where the specification leaves no choice. */
const FORMS: Readonly<Record<string, RegExp>> = {
  "00": /^01$/,
  "01": /^1[12]$/,
  "52": /^\d{4}$/,
  "53": /^\d{3}$/,
  "54": /^(?=.{1,13}$)\d+(\.\d*)?$/,
  "55": /^0[123]$/,
  "56": /^(?=.{1,13}$)\d+(\.\d*)?$/,
  "57": /^(?=.{1,5}$)\d{1,2}(\.\d*)?$/,
  "58": /^[A-Z]{2}$/,
  "59": /^.{1,25}$/u,
  "60": /^.{1,15}$/u,
};

const CODE = /^000201/;
/** Links to one payment: the reference is all that they say. */
const LINKS = [
  /^https:\/\/qr\.95516\.com\/\d{8}\/(.{20})$/,
  /^weixin:\/\/wxpay\/bizpayurl\?pr=(.{20})$/,
  /^https:\/\/qr\.alipay\.com\/(.{20})$/,
];

const minor = (text: string): number => {
  const [whole = "", decimals = ""] = text.split(".");
  return Number(whole) * 100 + Number(decimals.slice(0, 2).padEnd(2, "0"));
};

/** Reads a code; throws `CodeError` for one that a phone must not pay. */
export function readMerchantCode(text: string): MerchantCode {
  for (const link of LINKS) {
    const reference = link.exec(text)?.[1];
    if (reference !== undefined) return { dynamic: true, reference: decodeURIComponent(reference) };
  }
  if (!CODE.test(text)) throw new CodeError("00", "no shop's code");
  const objects = objectsOf(text);
  checkForms(objects);
  checkSum(text, objects);
  const amount = objects.get("54");
  const dynamic = objects.get("01") === "12";
  if (amount !== undefined && minor(amount) === 0) throw new CodeError("54", "nothing to pay");
  const account = template(objects, "26");
  const data = template(objects, "62");
  const language = template(objects, "64");
  const ours = account?.get("00") === "COM.XSPOS" ? account : undefined;
  const tip = tipOf(objects);
  return {
    dynamic,
    ...optional("merchant", ours?.get("01")),
    ...optional("terminal", ours?.get("02") ?? data?.get("07")),
    ...optional("reference", data?.get("05")),
    ...(amount === undefined ? {} : { amount: minor(amount) }),
    ...optional("currency", objects.get("53")),
    ...optional("name", objects.get("59")),
    ...optional("city", objects.get("60")),
    ...optional("ownName", language?.get("01")),
    ...(tip === undefined ? {} : { tip }),
  };
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>;
}

function checkForms(objects: Objects): void {
  for (const id of MANDATORY) if (!objects.has(id)) throw new CodeError(id, "is missing");
  for (const [id, value] of objects) if (FORMS[id]?.test(value) === false) throw new CodeError(id, "has another form");
  if (![...objects.keys()].some((id) => id >= "02" && id <= "51")) throw new CodeError("02", "no account is named");
  if ((objects.get("55") === "02") !== objects.has("56")) throw new CodeError("56", "does not fit 55");
  if ((objects.get("55") === "03") !== objects.has("57")) throw new CodeError("57", "does not fit 55");
}

function checkSum(text: string, objects: Objects): void {
  const ids = [...objects.keys()];
  if (ids[0] !== "00") throw new CodeError("00", "is not the first");
  if (ids.at(-1) !== "63") throw new CodeError("63", "is not the last");
  const given = objects.get("63")!;
  if (given.length !== 4 || given !== crcOf(Buffer.from(text.slice(0, -4), "utf8")))
    throw new CodeError("63", "is wrong");
}

function template(objects: Objects, id: string): Objects | undefined {
  const value = objects.get(id);
  return value === undefined ? undefined : objectsOf(value, `${id}.`);
}

function tipOf(objects: Objects): MerchantCode["tip"] {
  const kind = objects.get("55");
  if (kind === "01") return { kind: "asked" };
  if (kind === "02") return { kind: "fixed", amount: minor(objects.get("56")!) };
  return kind === "03" ? { kind: "share", perCent: Number(objects.get("57")) } : undefined;
}
