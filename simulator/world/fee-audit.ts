/** What the acquirer takes, compared by an auditor who reckons for himself: the table of fees, the books, the slips, the screens. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ChargeView } from "../acquirer/views.ts";
import type { ScreenRecord } from "../io/board.ts";
import type { PaperPiece } from "../scenario/stage.ts";

/** What the host's books say of fees. */
export interface HostFees {
  readonly payments: readonly ChargeView[];
  /** What the books have charged of each batch that is settled. */
  readonly charged: ReadonlyMap<string, number>;
  /** Where the money stands now. */
  readonly items: readonly { readonly count: number; readonly amount: number; readonly fee: number }[];
}

interface FeeTable {
  readonly cards: readonly { readonly prefix: string; readonly scheme: string; readonly type: string }[];
  readonly rates: readonly {
    readonly scheme: string;
    readonly type: string;
    readonly rate: number;
    readonly cap?: number;
  }[];
}

let table: FeeTable | undefined;

/** The fee of a payment as the contract has it: per cent of the amount, half a unit up, at most the cap. */
function contractFee(prefix: string, amount: number): number {
  table ??= parse(readFileSync(new URL("../acquirer/funds/fees.yaml", import.meta.url), "utf8")) as FeeTable;
  const fitting = table.cards.filter((card) => prefix.startsWith(card.prefix));
  const card = fitting.reduce((best, each) => (each.prefix.length > best.prefix.length ? each : best));
  const row = table.rates.find(({ scheme, type }) => scheme === card.scheme && type === card.type);
  if (row === undefined) throw new Error(`no rate for ${card.scheme} ${card.type}`);
  const hundredths = BigInt(amount) * BigInt(Math.round(row.rate * 100));
  const fee = Number((hundredths + 5_000n) / 10_000n);
  return row.cap === undefined ? fee : Math.min(fee, Math.round(row.cap * 100));
}

const FEE = /^(?:Fees|手续费)\D*(\d[\d,.]*)$/;
const NET = /^(?:NET|净额).*?(-?)\D*?(\d[\d,.]*)$/;
const PAID_OUT = /^(?:To be paid out, fees off|扣除手续费后划款).*?(-?)\D*?(\d[\d,.]*)$/;
const BATCH = /^(?:Batch No\.|批次号)\s*(\d{6})$/;

/**
 * Compares fees: of each payment with the contract, of each settled batch with its payments, of each settlement slip and each
 * screen that says one with the books. Gives the differences in words.
 */
export function auditFees(host: HostFees, papers: readonly PaperPiece[], screens: readonly ScreenRecord[]): string[] {
  return [
    ...host.payments.flatMap(paymentDifference),
    ...[...host.charged].flatMap(([batch, charged]) => batchDifference(host.payments, batch, charged)),
    ...papers.filter(({ copy }) => copy === "settlement").flatMap(({ text }) => slipDifference(text, host.charged)),
    ...screens
      .filter(({ screen }) => screen === "settlement-status")
      .flatMap(({ values }) => statusDifference(values, host)),
  ];
}

function paymentDifference({ stan, kind, state, amount, fee, prefix }: ChargeView): string[] {
  if (state === "declined") return fee === 0 ? [] : [`the host takes ${fee} for ${stan}, which it declined`];
  const due = contractFee(prefix, amount);
  if (kind === "payment") return fee === due ? [] : [`the host takes ${fee} for ${stan}, the contract says ${due}`];
  if (kind === "other") return fee === 0 ? [] : [`the host takes ${fee} for ${stan}, which costs nothing`];
  // A part of a fee that was capped is less than the fee of that part; shares are rounded to a unit.
  return fee <= 0 && -fee <= due + 1 ? [] : [`the host gives ${-fee} back for ${stan}, ${due} at most are due`];
}

function batchDifference(payments: readonly ChargeView[], batch: string, charged: number): string[] {
  const due = payments
    .filter((payment) => payment.batch === batch && payment.state === "approved")
    .reduce((sum, { fee }) => sum + fee, 0);
  return charged === due ? [] : [`the books charged ${charged} for batch ${batch}, its payments cost ${due}`];
}

function slipDifference(text: readonly string[], charged: ReadonlyMap<string, number>): string[] {
  const batch = found(text, BATCH)?.[1];
  const fee = minor(found(text, FEE)?.[1]);
  if (batch === undefined || fee === undefined) return []; // the host had said nothing yet, or the paper was torn
  const booked = charged.get(batch);
  if (booked !== fee)
    return [`the slip of batch ${batch} says a fee of ${fee}, the books charged ${booked ?? "nothing"}`];
  const net = signed(found(text, NET));
  const paidOut = signed(found(text, PAID_OUT));
  return net === undefined || paidOut === undefined || paidOut === net - fee
    ? []
    : [`the slip of batch ${batch} promises ${paidOut}, ${net} less ${fee} is ${net - fee}`];
}

function statusDifference(values: Readonly<Record<string, string>>, { items }: HostFees): string[] {
  const [amount, fee, net] = [values.amount, values.fee, values.net].map(minor);
  if (amount === undefined || fee === undefined || net === undefined) return [];
  const negative = values.amount?.includes("-") === true ? -1 : 1;
  if (Math.abs(net) !== Math.abs(negative * amount - fee)) return [`a screen says ${amount} less ${fee} is ${net}`];
  const same = items.filter((item) => item.count === Number(values.count) && Math.abs(item.amount) === amount);
  return same.length === 0 || same.some((item) => Math.abs(item.fee) === fee)
    ? []
    : [`a screen says a fee of ${fee} for ${amount}, the host ${same.map((item) => item.fee).join(" or ")}`];
}

function found(text: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of text) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

function signed(match: RegExpExecArray | undefined): number | undefined {
  const value = minor(match?.[2]);
  return value === undefined ? undefined : match?.[1] === "-" ? -value : value;
}

/** Minor units of an amount as it is written; undefined where there are no digits. */
function minor(text: string | undefined): number | undefined {
  const digits = text?.replace(/\D/g, "") ?? "";
  return digits === "" ? undefined : Number(digits);
}
