import type { JournalLine } from "../scenario/stage.ts";

/** What the host's books say of one payment: what is owed to the merchant for it. */
export interface HostPayment {
  readonly stan: string;
  readonly amount: number;
  /** False when it was reversed. */
  readonly stands: boolean;
}

/** States in which the merchant has been told that the money is theirs. */
const PAID: ReadonlySet<string> = new Set(["approved", "confirmed", "receipted", "settled", "uploaded"]);
/** States in which the money is the merchant's, and the host has still to be told. */
const OWED: ReadonlySet<string> = new Set(["offlineApproved", "uploading", "queued", "sent"]);
/** States in which nobody owes anything. */
const NOTHING: ReadonlySet<string> = new Set(["cancelled", "declined", "reversed"]);

/**
 * Compares the terminal's journal with the host's books, payment by payment, by STAN. Everything that is neither paid
 * nor nothing is in doubt, or still owed to the host. Gives the differences in words; none when all is well.
 */
export function auditBooks(journal: readonly JournalLine[], payments: readonly HostPayment[]): string[] {
  const differences: string[] = [];
  const standing = new Map<string, number>();
  for (const payment of payments) {
    if (!payment.stands) continue;
    if (standing.has(payment.stan)) differences.push(`the host booked ${payment.stan} twice`);
    standing.set(payment.stan, payment.amount);
  }
  for (const { stan, state, amount } of journal) {
    const booked = standing.get(stan);
    standing.delete(stan);
    if (PAID.has(state)) {
      if (booked === undefined) differences.push(`${stan} is ${state} at the terminal, the host has nothing`);
      else if (booked !== amount) differences.push(`${stan}: ${amount} at the terminal, ${booked} at the host`);
    } else if (NOTHING.has(state)) {
      if (booked !== undefined) differences.push(`${stan} is ${state} at the terminal, the host booked ${booked}`);
    } else if (OWED.has(state)) differences.push(`${stan} is ${state}: the host has still to be told`);
    else differences.push(`${stan} is in doubt: ${state}`);
  }
  for (const [stan, amount] of standing)
    differences.push(`the host booked ${amount} for ${stan}, unknown to the terminal`);
  return differences;
}
