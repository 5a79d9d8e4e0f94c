import type { Language } from "../screen/messages/words.ts";
import { printedAmount } from "../screen/money.ts";
import type { ReceiptData } from "./data.ts";
import type { Line } from "./lines.ts";
import { paperWords } from "./words.ts";

/** The bank's answer (field 39), and what it would not do: reverse the payment, or take it at all. */
export interface BankRefusal {
  readonly code: string;
  readonly refused: "reversal" | "payment";
}

/** A slip for the merchant about a transaction in dispute: what it was, and what the bank has to be asked. */
export function disputeLines(data: ReceiptData, { code, refused }: BankRefusal, language: Language): Line[] {
  const words = paperWords[language];
  const rule: Line = { kind: "rule" };
  const pair = (label: string, value: string): Line => ({ kind: "pair", label, value, scale: 1 });
  const text = (line: string): Line => ({ kind: "text", text: line, scale: 1, align: "left" });
  return [
    { kind: "text", text: words["dispute.title"], scale: 2, align: "centre" },
    { kind: "text", text: words["copy.merchant"], scale: 1, align: "centre" },
    rule,
    pair(words.merchant, data.merchantName),
    pair(words.merchantNumber, data.merchantNumber),
    pair(words.terminalNumber, data.terminalNumber),
    rule,
    pair(words.type, words[`operation.${data.operation}`]),
    data.code === undefined ? pair(words.card, data.pan ?? "") : pair(words.order, data.code.order ?? ""),
    pair(words.batch, data.batch),
    pair(words.voucher, data.voucher),
    pair(words.dateTime, data.dateTime),
    pair(words["dispute.code"], code),
    rule,
    { kind: "pair", label: words.amount, value: printedAmount(data.amount), scale: 2 },
    rule,
    text(words[refused === "reversal" ? "dispute.note" : "dispute.untaken"]),
    text(words["dispute.ask"]),
    { kind: "space", rows: 16 },
  ];
}
