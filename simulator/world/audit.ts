import type { JournalLine } from "../scenario/stage.ts";

/** What the host's books say of one transaction. Amounts in minor units. */
export interface HostPayment {
  readonly stan: string;
  readonly amount: number;
  /** The host's own word for it. */
  readonly state: string;
}

const NOTHING: readonly string[] = ["nothing", "declined", "reversed"];
const STANDS: readonly string[] = ["approved"];

/** What the host may say of a transaction that the terminal has in this state. Every other state is in doubt. */
const AGREED: Readonly<Record<string, readonly string[]>> = {
  approved: STANDS,
  confirmed: STANDS,
  receipted: STANDS,
  uploaded: STANDS,
  acknowledged: STANDS,
  voided: ["voided"],
  adjusted: ["adjusted"],
  completed: ["completed"],
  settled: ["approved", "voided", "adjusted", "completed"],
  cancelled: NOTHING,
  declined: NOTHING,
  reversed: NOTHING,
  "disputed, charged": STANDS,
  "disputed, notCharged": [...NOTHING, "voided"],
  "settled, charged": STANDS,
  "settled, notCharged": [...NOTHING, "voided"],
};

/** States in which the money is the merchant's, and the host has still to be told. */
const OWED: ReadonlySet<string> = new Set(["offlineApproved", "uploading", "queued", "sent"]);

/**
 * Compares the terminal's journal with the host's books, transaction by transaction, by STAN: state and amount. What is in
 * doubt, or still owed to the host, is a difference. Gives the differences in words; none when all is well.
 */
export function auditBooks(journal: readonly JournalLine[], payments: readonly HostPayment[]): string[] {
  const differences: string[] = [];
  const known = new Map<string, HostPayment>();
  for (const payment of payments) {
    if (known.has(payment.stan)) differences.push(`the host booked ${payment.stan} twice`);
    known.set(payment.stan, payment);
  }
  for (const line of journal) {
    differences.push(...differenceOf(line, known.get(line.stan)));
    known.delete(line.stan);
  }
  for (const { stan, amount, state } of known.values()) {
    if (!NOTHING.includes(state)) differences.push(`the host booked ${amount} for ${stan}, unknown to the terminal`);
  }
  return differences;
}

function differenceOf({ stan, state, cleared, amount }: JournalLine, payment: HostPayment | undefined): string[] {
  if (OWED.has(state)) return [`${stan} is ${state}: the host has still to be told`];
  const here = cleared === undefined ? state : `${state}, ${cleared}`;
  const agreed = AGREED[here];
  if (agreed === undefined) return [`${stan} is in doubt: ${here}`];
  const there = payment?.state ?? "nothing";
  if (!agreed.includes(there)) return [`${stan} is ${here} at the terminal, ${there} at the host`];
  const isMoney = payment !== undefined && !NOTHING.includes(there);
  return isMoney && payment.amount !== amount
    ? [`${stan}: ${amount} at the terminal, ${payment.amount} at the host`]
    : [];
}
