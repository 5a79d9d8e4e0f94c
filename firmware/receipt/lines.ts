import type { Align, Scale } from "../screen/canvas.ts";
import type { Language } from "../screen/messages/words.ts";
import { printedAmount } from "../screen/money.ts";
import type { Copy, EntryMode, ReceiptData } from "./data.ts";
import { type PaperWords, paperWords } from "./words.ts";

/** One thing on paper, from the top. */
export type Line =
  /** Broken to as many lines as it needs. */
  | { readonly kind: "text"; readonly text: string; readonly scale: Scale; readonly align: Align }
  /** A label at the left and its value at the right; a value too wide for the line goes under the label. */
  | { readonly kind: "pair"; readonly label: string; readonly value: string; readonly scale: Scale }
  /** A QR code in the middle, with its quiet zone no wider than so many dots. */
  | { readonly kind: "code"; readonly text: string; readonly width: number }
  | { readonly kind: "rule" }
  | { readonly kind: "space"; readonly rows: number };

const entryLetters: { readonly [Mode in EntryMode]: string } = {
  swipe: "S",
  chip: "I",
  contactless: "C",
  fallback: "F",
  manual: "M",
  code: "Q",
};

const SIGNED: readonly string[] = ["signature", "pin-and-signature"];

/** What one copy of a receipt says, line by line. */
export function receiptLines(data: ReceiptData, copy: Copy, language: Language): Line[] {
  const words = paperWords[language];
  const rule: Line = { kind: "rule" };
  const pair = (label: string, value: string | undefined): Line[] =>
    value === undefined ? [] : [{ kind: "pair", label, value, scale: 1 }];
  const centred = (text: string, scale: Scale): Line => ({ kind: "text", text, scale, align: "centre" });
  return [
    centred(words.title, 2),
    centred(words[`copy.${copy}`], 1),
    ...(data.duplicate === true ? [centred(words.duplicate, 1)] : []),
    rule,
    ...pair(words.merchant, data.merchantName),
    ...pair(words.merchantNumber, data.merchantNumber),
    ...pair(words.terminalNumber, data.terminalNumber),
    ...pair(words.operator, data.operator),
    ...pair(words.acquirer, data.acquirer),
    ...pair(words.issuer, data.issuer),
    rule,
    ...(data.code === undefined ? cardLines(data, pair, words) : codeLines(data.code, pair, words)),
    { kind: "pair", label: words.type, value: words[`operation.${data.operation}`], scale: 2 },
    ...pair(words.batch, data.batch),
    ...pair(words.voucher, data.voucher),
    ...pair(words.authorisation, data.authorisationCode),
    ...pair(words.reference, data.reference),
    ...pair(words.dateTime, data.dateTime),
    ...originalLines(data, pair, words),
    rule,
    ...tipLines(data, pair, words),
    {
      kind: "pair",
      label: words[data.tip === undefined ? "amount" : "total"],
      value: printedAmount(data.amount),
      scale: 2,
    },
    ...(data.tipWanted === true && copy === "merchant" ? blankTip(words) : []),
    rule,
    ...chipLines(data),
    ...verificationLines(data, copy, words),
    ...(data.code?.order === undefined ? [] : [centred(words["order.scan"], 1), orderCode(data.code.order)]),
    centred(words[`copy.${copy}`], 1),
    ...(copy === "cardholder" ? [centred(words.keep, 1)] : []),
    { kind: "space", rows: 16 },
  ];
}

type Pair = (label: string, value: string | undefined) => Line[];

function cardLines({ pan = "", entry }: ReceiptData, pair: Pair, words: PaperWords): Line[] {
  return [
    { kind: "text", text: words.card, scale: 1, align: "left" },
    { kind: "text", text: `${pan} ${entryLetters[entry]}`, scale: 2, align: "left" },
    ...pair(words.expiry, "**/**"),
  ];
}

/** Who paid with a phone, and the wallet's number of it. */
function codeLines({ wallet, payer, order }: NonNullable<ReceiptData["code"]>, pair: Pair, words: PaperWords): Line[] {
  return [
    { kind: "text", text: wallet === undefined ? words.code : words[`wallet.${wallet}`], scale: 2, align: "left" },
    ...pair(words.code, payer),
    ...pair(words.order, order),
  ];
}

/** 29 mm, with modules of 1 mm: they are still read when the paper has faded. */
const orderCode = (text: string): Line => ({ kind: "code", text, width: 232 });

/** The transaction that this one is about. */
function originalLines({ original }: ReceiptData, pair: Pair, words: PaperWords): Line[] {
  if (original === undefined) return [];
  return [
    ...pair(words["original.voucher"], original.voucher),
    ...pair(words["original.authorisation"], original.authorisationCode),
    ...pair(words["original.reference"], original.reference),
    ...pair(words["original.date"], original.date),
  ];
}

/** What was paid before the tip, and the tip. */
function tipLines({ amount, tip }: ReceiptData, pair: Pair, words: PaperWords): Line[] {
  if (tip === undefined) return [];
  const before = { ...amount, minor: amount.minor - tip.minor };
  return [...pair(words.amount, printedAmount(before)), ...pair(words.tip, printedAmount(tip))];
}

/** Room for a guest to write a tip and the total. */
function blankTip(words: PaperWords): Line[] {
  const line = (label: string): Line => ({ kind: "pair", label, value: "________________", scale: 1 });
  return [{ kind: "space", rows: 16 }, line(words.tip), { kind: "space", rows: 16 }, line(words.total)];
}

function chipLines(data: ReceiptData): Line[] {
  const { chip } = data;
  if (chip === undefined) return [];
  const line = (text: string): Line => ({ kind: "text", text, scale: 1, align: "left" });
  return [
    line(`${chip.cryptogramType}: ${chip.cryptogram}`),
    line(`TVR: ${chip.tvr}  TSI: ${chip.tsi}`),
    line(`ATC: ${chip.atc}`),
    line(`AID: ${chip.aid}`),
    line(`LABEL: ${chip.label}`),
    { kind: "rule" },
  ];
}

/**
 * How the cardholder was verified (a tap that asks for nothing is under its limit; a chip's own list has nothing to ask
 * for), and on the merchant's copy the line to sign where a signature is due.
 */
function verificationLines(data: ReceiptData, copy: Copy, words: PaperWords): Line[] {
  const text = (line: string): Line => ({ kind: "text", text: line, scale: 1, align: "left" });
  const lines: Line[] = [];
  const { verification } = data;
  if (data.code !== undefined) return [];
  if (verification === "none" && data.entry !== "contactless") lines.push(text(words["verification.unasked"]));
  else if (verification === "pin" || verification === "device" || verification === "none")
    lines.push(text(words[`verification.${verification}`]));
  if (copy === "merchant" && SIGNED.includes(verification))
    lines.push(text(words.signature), { kind: "space", rows: 48 }, { kind: "rule" }, text(words.agreement));
  return lines;
}
