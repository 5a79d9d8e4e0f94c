/** The table of fees: which card a number is, what a payment with it costs the shop, and whether it is looked at first. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** Whose card it is. */
export interface CardKind {
  readonly scheme: string;
  readonly type: string;
}

/** A rule by which a payment is held, for so many working days. */
export interface Risk {
  readonly reason: string;
  readonly workingDays: number;
}

interface Rate extends CardKind {
  /** Hundredths of a per cent. */
  readonly rate: number;
  /** Minor units. */
  readonly cap: number;
}

interface Tables {
  readonly cards: readonly (CardKind & { readonly prefix: string })[];
  readonly rates: readonly Rate[];
  readonly risks: readonly (Risk & { readonly scheme: string; readonly above: number })[];
}

interface FileForm {
  readonly cards: Tables["cards"];
  readonly rates: readonly (CardKind & { readonly rate: number; readonly cap?: number })[];
  readonly risks: Tables["risks"];
}

let cache: Tables | undefined;

function tables(): Tables {
  if (!cache) {
    const file = parse(readFileSync(new URL("fees.yaml", import.meta.url), "utf8")) as FileForm;
    const minor = (value: number) => Math.round(value * 100);
    const { cards, rates } = file;
    const rated = cards.every(({ scheme, type }) => rates.some((row) => row.scheme === scheme && row.type === type));
    if (!rated || !cards.some(({ prefix }) => prefix === "")) throw new Error("fees.yaml: a card has no rate");
    cache = {
      cards: [...cards].sort((left, right) => right.prefix.length - left.prefix.length),
      rates: rates.map((row) => ({
        ...row,
        rate: minor(row.rate),
        cap: row.cap === undefined ? Number.MAX_SAFE_INTEGER : minor(row.cap),
      })),
      risks: file.risks.map((row) => ({ ...row, above: minor(row.above) })),
    };
  }
  return cache;
}

/** The scheme and type of a card number. */
export function cardKind(pan: string): CardKind {
  return tables().cards.find(({ prefix }) => pan.startsWith(prefix))!;
}

/** The fee for a payment in minor units, half a unit rounded up. */
export function feeFor(pan: string, amount: number): number {
  const kind = cardKind(pan);
  const row = tables().rates.find(({ scheme, type }) => scheme === kind.scheme && type === kind.type)!;
  return Math.min(Math.floor((amount * row.rate + 5_000) / 10_000), row.cap);
}

/** The fee that a refund gives back: the refunded part of the payment's own, so that all refunds together give all of it. */
export function feeReturned(payment: { amount: number; fee: number }, refundedBefore: number, refund: number): number {
  const share = (part: number) => Math.round((payment.fee * part) / payment.amount);
  return share(refundedBefore + refund) - share(refundedBefore);
}

/** The rule that holds a payment; undefined where none does. */
export function riskOf(pan: string, amount: number): Risk | undefined {
  const kind = cardKind(pan);
  return tables().risks.find(({ scheme, above }) => scheme === kind.scheme && amount > above);
}
