import type { Language } from "../screen/messages/words.ts";
import { type Money, printedAmount } from "../screen/money.ts";
import type { Operation } from "../screen/screens.ts";
import type { Line } from "./lines.ts";
import { type PaperWords, paperWords } from "./words.ts";

/** How many, and how much. */
export interface PaperSum {
  readonly count: number;
  readonly amount: Money;
}

/** One line of a batch's totals. */
export interface PaperRow extends PaperSum {
  readonly operation: Operation;
  /** Letters of the card scheme, as the host names it. */
  readonly scheme: string;
}

/** What a settlement slip or a day report says. */
export interface BatchData {
  readonly merchantName: string;
  readonly merchantNumber: string;
  readonly terminalNumber: string;
  readonly operator: string;
  /** Six digits. */
  readonly batch: string;
  /** "2025/03/14 21:07:33". */
  readonly dateTime: string;
  readonly rows: readonly PaperRow[];
  readonly debits: PaperSum;
  readonly credits: PaperSum;
  readonly net: Money;
  /** Known once the host has told it. */
  readonly fee?: Money;
  /** When the host expects to pay out: "2026/11/24"; absent: it has not said. */
  readonly expected?: string;
  /** Vouchers whose money has still to be cleared, with their amounts. */
  readonly disputed: readonly { readonly voucher: string; readonly amount: Money }[];
  /** What each operator has taken by card scheme, credits taken off; where operators sign on. */
  readonly operators?: readonly (PaperSum & { readonly operator: string; readonly scheme: string })[];
  /** What one operator has taken since the sign-on. */
  readonly shift?: boolean;
  /** A settlement's: whether the host's totals were these, and what they were where they were not. */
  readonly settled?: {
    readonly isEqual: boolean;
    readonly hostDebits: PaperSum;
    readonly hostCredits: PaperSum;
  };
  readonly duplicate?: boolean;
}

/** The schemes' names; letters that are not here are printed as they are. */
const schemeNames: { readonly [Name in Language]: Readonly<Record<string, string>> } = Object.freeze({
  zh: {
    "": "全部卡",
    CUP: "银联",
    VIS: "Visa",
    MCC: "万事达",
    AEX: "美国运通",
    JCB: "JCB",
    WXP: "微信支付",
    ALP: "支付宝",
  },
  en: {
    "": "All cards",
    CUP: "UnionPay",
    VIS: "Visa",
    MCC: "Mastercard",
    AEX: "American Express",
    JCB: "JCB",
    WXP: "WeChat Pay",
    ALP: "Alipay",
  },
});

/** A card scheme as people know it; no letters are all of them. */
export function schemeName(scheme: string, language: Language): string {
  return schemeNames[language][scheme] ?? scheme;
}

/** The slip of a batch: by scheme, then by type, then all together; and what has still to be cleared. */
export function batchLines(data: BatchData, language: Language): Line[] {
  const words = paperWords[language];
  const rule: Line = { kind: "rule" };
  const pair = (label: string, value: string): Line => ({ kind: "pair", label, value, scale: 1 });
  const centred = (text: string, scale: 1 | 2): Line => ({ kind: "text", text, scale, align: "centre" });
  const summed = (label: string, { count, amount }: PaperSum): Line =>
    pair(`${label}  ${counted(words, count)}`, printedAmount(amount));
  return [
    centred(words[titleOf(data)], 2),
    ...(data.duplicate === true ? [centred(words.duplicate, 1)] : []),
    rule,
    pair(words.merchant, data.merchantName),
    pair(words.merchantNumber, data.merchantNumber),
    pair(words.terminalNumber, data.terminalNumber),
    pair(words.operator, data.operator),
    pair(words.batch, data.batch),
    pair(words.dateTime, data.dateTime),
    rule,
    ...(data.settled === undefined ? [] : verdictLines(data.settled, words, summed)),
    ...schemesOf(data.rows).flatMap((scheme): Line[] => [
      { kind: "text", text: schemeName(scheme, language), scale: 1, align: "left" },
      ...data.rows
        .filter((row) => row.scheme === scheme)
        .map((row) => summed(`  ${words[`operation.${row.operation}`]}`, row)),
    ]),
    ...(data.rows.length === 0 ? [centred(words["batch.empty"], 1)] : []),
    rule,
    ...operatorLines(data, words, language, summed),
    summed(words["batch.debits"], data.debits),
    summed(words["batch.credits"], data.credits),
    ...(data.fee === undefined ? [] : [pair(words["batch.fee"], printedAmount(data.fee))]),
    { kind: "pair", label: words["batch.net"], value: printedAmount(data.net), scale: 2 },
    rule,
    ...payoutLines(data, words),
    ...disputeLines(data, words),
    { kind: "space", rows: 16 },
  ];
}

function titleOf({ settled, shift }: BatchData): keyof PaperWords {
  if (settled !== undefined) return "settlement.title";
  return shift === true ? "shift.title" : "report.title";
}

/** Who has taken it: a line for each scheme of each operator, or for all of them. */
function operatorLines(
  { operators = [] }: BatchData,
  words: PaperWords,
  language: Language,
  summed: (label: string, sum: PaperSum) => Line,
): Line[] {
  const lines = operators.flatMap(({ operator, scheme, ...sum }, place): Line[] => {
    if (scheme === "") return [summed(`${words.operator} ${operator}`, sum)];
    const row = summed(`  ${schemeName(scheme, language)}`, sum);
    if (operators[place - 1]?.operator === operator) return [row];
    return [{ kind: "text", text: `${words.operator} ${operator}`, scale: 1, align: "left" }, row];
  });
  return lines.length === 0 ? [] : [...lines, { kind: "rule" }];
}

function counted(words: PaperWords, count: number): string {
  return words["batch.count"].replace("{count}", `${count}`);
}

function schemesOf(rows: readonly PaperRow[]): readonly string[] {
  return rows.map(({ scheme }) => scheme).filter((scheme, place, all) => all.indexOf(scheme) === place);
}

function verdictLines(
  { isEqual, hostDebits, hostCredits }: NonNullable<BatchData["settled"]>,
  words: PaperWords,
  summed: (label: string, sum: PaperSum) => Line,
): Line[] {
  const verdict: Line = {
    kind: "text",
    text: words[isEqual ? "settlement.equal" : "settlement.unequal"],
    scale: 2,
    align: "centre",
  };
  const host: Line[] = isEqual
    ? []
    : [summed(words["settlement.hostDebits"], hostDebits), summed(words["settlement.hostCredits"], hostCredits)];
  return [verdict, ...host, { kind: "rule" }];
}

/** What has become of the money of a batch that is settled: what that means, and until when. */
function payoutLines({ settled, fee, net, expected }: BatchData, words: PaperWords): Line[] {
  if (settled === undefined) return [];
  const left = (text: string): Line => ({ kind: "text", text, scale: 1, align: "left" });
  const paid: Line[] =
    fee === undefined
      ? []
      : [
          {
            kind: "pair",
            label: words["payout.net"],
            value: printedAmount({ ...net, minor: net.minor - fee.minor }),
            scale: 1,
          },
        ];
  return [
    left(words["payout.title"]),
    left(words["payout.meaning"]),
    ...paid,
    left(expected === undefined ? words["payout.ask"] : words["payout.expected"].replace("{date}", expected)),
    { kind: "rule" },
  ];
}

function disputeLines({ disputed }: BatchData, words: PaperWords): Line[] {
  if (disputed.length === 0) return [];
  return [
    { kind: "text", text: words["dispute.title"], scale: 1, align: "left" },
    ...disputed.map(
      ({ voucher, amount }): Line => ({
        kind: "pair",
        label: `  ${words.voucher} ${voucher}`,
        value: printedAmount(amount),
        scale: 1,
      }),
    ),
    { kind: "text", text: words["dispute.ask"], scale: 1, align: "left" },
    { kind: "rule" },
  ];
}
