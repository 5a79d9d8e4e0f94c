/** Explains what is in a QR code for people: shops' codes object by object, wallets' links, customers' codes masked; rubbish answered with an error line. */
import { describeTlv } from "../describe-tlv.ts";

const NAMES: Readonly<Record<string, string>> = {
  "00": "Payload format indicator",
  "01": "Point of initiation method",
  "52": "Merchant category code",
  "53": "Transaction currency",
  "54": "Transaction amount",
  "55": "Tip or convenience indicator",
  "56": "Convenience fee, fixed",
  "57": "Convenience fee, percentage",
  "58": "Country code",
  "59": "Merchant name",
  "60": "Merchant city",
  "61": "Postal code",
  "62": "Additional data",
  "63": "CRC",
  "64": "Merchant in another language",
};
const ADDITIONAL = [
  ...["", "Bill number", "Mobile number", "Store label", "Loyalty number", "Reference label", "Customer label"],
  ...[
    "Terminal label",
    "Purpose of transaction",
    "Consumer data to be asked for",
    "Merchant tax ID",
    "Merchant channel",
  ],
];
const LANGUAGE = ["Language preference", "Merchant name", "Merchant city"];
const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "01": { "11": "static", "12": "dynamic" },
  "55": { "01": "the phone asks for a tip", "02": "fixed fee", "03": "percentage" },
};
/** Networks that have merchant accounts of their own (02 to 25). */
const NETWORKS: readonly (readonly [from: number, to: number, name: string])[] = [
  [2, 3, "Visa"],
  [4, 5, "Mastercard"],
  [6, 8, "EMVCo, reserved"],
  [9, 10, "Discover"],
  [11, 12, "American Express"],
  [13, 14, "JCB"],
  [15, 16, "UnionPay"],
  [17, 25, "EMVCo, reserved"],
];
const LONGEST = 512;
/** Without these a code is for a transfer between people, no purchase. */
const OF_PURCHASES = ["52", "59", "60"];
const LINKS: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/qr\.95516\.com\/(\d{8})\/([\w-]+)$/i, "UnionPay's link to a payment: institution $1, reference $2"],
  [/^weixin:\/\/wxpay\/bizpayurl\?pr=()([\w-]+)$/i, "WeChat Pay's link to a payment: reference $2"],
  [/^wxp:\/\/()([\w-]+)$/i, "WeChat Pay's link to a person: $2"],
  [/^https:\/\/qr\.alipay\.com\/()([\w-]+)$/i, "Alipay's link to a payment: reference $2"],
];
/** Digits that customers show: so many, beginning with these. */
const WALLETS: readonly (readonly [RegExp, string])[] = [
  [/^1[0-5]\d{16}$/, "WeChat Pay"],
  [/^(2[5-9]|30)\d{14,22}$/, "Alipay"],
  [/^62\d{17}$/, "UnionPay"],
];

/** Lines that explain the text of a code. Never throws; what nobody could read ends in an error line. */
export function describeCode(text: string): string[] {
  if (text.length > LONGEST) return [`error: longer than ${LONGEST} characters`];
  for (const [form, meaning] of LINKS) if (form.test(text)) return [text.replace(form, meaning)];
  const wallet = WALLETS.find(([form]) => form.test(text))?.[1];
  if (wallet !== undefined)
    return [`payment code of ${wallet}: ${text.slice(0, 2)}${"*".repeat(text.length - 6)}${text.slice(-4)}`];
  if (text.startsWith("hQVDUFYw")) return describeConsumerCode(text);
  return /^\d{4}/.test(text) ? describeShopCode(text) : ["error: no code for payments"];
}

function describeConsumerCode(text: string): string[] {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? describeTlv(bytes) : ["error: no base64"];
}

function describeShopCode(text: string): string[] {
  const lines: string[] = [];
  const ids: string[] = [];
  const problem = walk(text, "", lines, ids);
  if (problem !== undefined) return [...lines, `error: ${problem}`];
  const expected = crcOf(text.slice(0, -4));
  if (ids[0] !== "00") lines.push("error: object 00 is not the first");
  if (ids.at(-1) !== "63") lines.push("error: object 63 is not the last");
  else if (text.slice(-4) !== expected) lines.push(`error: the CRC is ${expected}`);
  for (const id of ["53", "58"]) if (!ids.includes(id)) lines.push(`error: object ${id} is missing`);
  if (!ids.some((id) => id >= "02" && id <= "51")) lines.push("error: no merchant account");
  const missing = OF_PURCHASES.filter((id) => !ids.includes(id));
  if (missing.length > 0) lines.push(`note: without ${missing.join(", ")} it is no purchase`);
  return lines;
}

/** Objects and what is inside of templates; gives what is wrong. */
function walk(text: string, within: string, lines: string[], ids: string[]): string | undefined {
  const characters = [...text];
  const margin = within === "" ? "" : "  ";
  for (let at = 0; at < characters.length; ) {
    const head = characters.slice(at, at + 4).join("");
    if (!/^\d{4}$/.test(head)) return `no identifier and length at ${within === "" ? at : `${at} of object ${within}`}`;
    const [id, length] = [head.slice(0, 2), Number(head.slice(2))];
    const value = characters.slice(at + 4, at + 4 + length).join("");
    if (length === 0 || [...value].length < length) return `object ${within}${id} is not as long as it says`;
    if (ids.includes(id)) return `object ${within}${id} is there twice`;
    ids.push(id);
    const meaning = within === "" ? MEANINGS[id]?.[value] : undefined;
    const isTemplate = within === "" && (id === "62" || id === "64" || (id >= "26" && id <= "51") || id >= "80");
    const shown = JSON.stringify(value).slice(1, -1);
    lines.push(
      `${margin}${id} ${nameOf(id, within)} (${length})${isTemplate ? "" : `: ${shown}`}${meaning === undefined ? "" : ` (${meaning})`}`,
    );
    const problem = isTemplate ? walk(value, id, lines, []) : undefined;
    if (problem !== undefined) return problem;
    at += 4 + length;
  }
  return undefined;
}

function nameOf(id: string, within: string): string {
  const number = Number(id);
  if (within === "62") return ADDITIONAL[number] || (number >= 50 ? "payment system's own" : "reserved");
  if (within === "64") return LANGUAGE[number] ?? "reserved";
  if (within !== "") return number === 0 ? "Whose it is" : "its own";
  if (number >= 2 && number <= 51)
    return `Merchant account, ${NETWORKS.find(([from, to]) => number >= from && number <= to)?.[2] ?? "template"}`;
  return NAMES[id] ?? (number >= 80 ? "Unreserved template" : "EMVCo, reserved");
}

/** CRC-16, polynomial 1021, from FFFF, over UTF-8. */
function crcOf(text: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(text, "utf8")) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}
