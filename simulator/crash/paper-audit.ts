import type { PaperPiece } from "../scenario/stage.ts";
import type { HostPayment } from "../world/audit.ts";

const VOUCHER = /(?:Voucher No\.|凭证号)\s*(\d{6})/;
const AMOUNT = /^(?:AMOUNT|金额).*?(\d[\d,]*(?:\.\d+)?)$/;
const TOTAL = /^(?:TOTAL|总计).*?(\d[\d,]*(?:\.\d+)?)$/;
/** The line that names what was done; a tip promises its total, the amount above it was promised by the sale's slip. */
const TYPE = /^(?:Type|交易类型)\s/;
const TIP = /^(?:Type|交易类型)\s+(?:TIP|小费)$/;
/** What the host may say of a transaction that a shop holds a slip of. */
const NOTHING: ReadonlySet<string> = new Set(["nothing", "declined", "reversed"]);

/**
 * Compares the merchant's slips with the host's books: each promises a sum that the host has booked under its voucher.
 * Gives the differences in words. A dispute's slip is no promise; one torn off in its middle says nothing.
 *
 * @param disputed vouchers that the terminal has in dispute: what an earlier slip said of them is for a supervisor to clear
 */
export function auditPaper(
  papers: readonly PaperPiece[],
  payments: readonly HostPayment[],
  disputed: ReadonlySet<string>,
): string[] {
  const booked = new Map(payments.map((payment) => [payment.stan, payment]));
  const differences: string[] = [];
  for (const { copy, text } of papers) {
    if (copy !== "merchant") continue;
    for (const { voucher, amount } of promisesOf(text)) {
      if (disputed.has(voucher)) continue;
      const payment = booked.get(voucher);
      if (payment === undefined || NOTHING.has(payment.state))
        differences.push(`a slip says ${amount} for ${voucher}, the host has ${payment?.state ?? "nothing"}`);
      else if (payment.amount !== amount)
        differences.push(`a slip says ${amount} for ${voucher}, the host ${payment.amount}`);
    }
  }
  return differences;
}

/** What the slips on one piece of paper promise: voucher and amount in minor units, where both can be read. */
function promisesOf(text: readonly string[]): { voucher: string; amount: number }[] {
  const promises: { voucher: string; amount: number }[] = [];
  let voucher: string | undefined;
  let sum = AMOUNT;
  for (const line of text) {
    if (TYPE.test(line)) sum = TIP.test(line) ? TOTAL : AMOUNT;
    voucher = VOUCHER.exec(line)?.[1] ?? voucher;
    const amount = sum.exec(line)?.[1];
    if (voucher === undefined || amount === undefined) continue;
    promises.push({ voucher, amount: Number(amount.replace(/[,.]/g, "")) });
    voucher = undefined;
  }
  return promises;
}
