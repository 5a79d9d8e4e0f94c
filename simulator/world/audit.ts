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

/** What the host makes of the earlier transaction that one of this type names, once it has booked it; a refund leaves it. */
const MAKES: Readonly<Record<string, string>> = {
  voidSale: "voided",
  voidPreAuthorisation: "voided",
  voidCompletion: "voided",
  completion: "completed",
  completionAdvice: "completed",
  adjustment: "adjusted",
  tip: "adjusted",
};
/** And of the pre-authorisation that a voided completion had used up. */
const REVIVED = "approved";

/** States in which the money is the merchant's, and the host has still to be told. */
const OWED: ReadonlySet<string> = new Set(["offlineApproved", "uploading", "queued", "sent"]);

/** What the host has not in its book, of payments by code: nothing of that may be left when all is said and done. */
export interface OpenPayments {
  /** STANs of those that wait for their payer. */
  readonly pending: readonly string[];
  /** Amounts that were paid to the shop's own code, in minor units. */
  readonly unclaimed: readonly number[];
}

/** Payments by code that can still be paid, or were and are unknown to the terminal, in words. */
export function auditOpen({ pending, unclaimed }: OpenPayments): string[] {
  return [
    ...pending.map((stan) => `${stan} can still be paid: nobody has closed it`),
    ...unclaimed.map((amount) => `${amount} paid to the shop's code, unknown to the terminal`),
  ];
}

/**
 * Compares the terminal's journal with the host's books, transaction by transaction, by STAN: state and amount. What is in
 * doubt, or still owed to the host, is a difference. So is what a dispute names where the host has booked that: it says so.
 * Gives the differences in words; none when all is well.
 */
export function auditBooks(journal: readonly JournalLine[], payments: readonly HostPayment[]): string[] {
  const differences: string[] = [];
  const known = new Map<string, HostPayment>();
  for (const payment of payments) {
    if (known.has(payment.stan)) differences.push(`the host booked ${payment.stan} twice`);
    known.set(payment.stan, payment);
  }
  const disputes = openDisputes(journal, known);
  for (const line of journal) {
    differences.push(...differenceOf(line, known.get(line.stan), disputes.get(line.stan)));
    known.delete(line.stan);
  }
  for (const { stan, amount, state } of known.values()) {
    if (!NOTHING.includes(state)) differences.push(`the host booked ${amount} for ${stan}, unknown to the terminal`);
  }
  return differences;
}

/** A dispute that is not cleared, and what the host, which has booked it, makes of the transaction that it names. */
interface Dispute {
  readonly stan: string;
  readonly makes: string;
}

/** Open disputes that the host has booked, by the STANs of the earlier transactions that are in doubt with them. */
function openDisputes(
  journal: readonly JournalLine[],
  payments: ReadonlyMap<string, HostPayment>,
): ReadonlyMap<string, Dispute> {
  const originals = new Map(journal.map(({ stan, original }) => [stan, original]));
  const disputes = new Map<string, Dispute>();
  for (const { stan, state, cleared, type, original } of journal) {
    const makes = MAKES[type];
    const isOpen = state === "disputed" && cleared === undefined && payments.get(stan)?.state === "approved";
    if (!isOpen || original === undefined || makes === undefined) continue;
    disputes.set(original, { stan, makes });
    const used = type === "voidCompletion" ? originals.get(original) : undefined;
    if (used !== undefined) disputes.set(used, { stan, makes: REVIVED });
  }
  return disputes;
}

function differenceOf(
  { stan, state, cleared, amount }: JournalLine,
  payment: HostPayment | undefined,
  dispute: Dispute | undefined,
): string[] {
  if (OWED.has(state)) return [`${stan} is ${state}: the host has still to be told`];
  const here = cleared === undefined ? state : `${state}, ${cleared}`;
  const agreed = AGREED[here];
  if (agreed === undefined) return [`${stan} is in doubt: ${here}`];
  const there = payment?.state ?? "nothing";
  if (!agreed.includes(there)) {
    const isOfDispute = dispute?.makes === there && payment?.amount === amount;
    const doubt = isOfDispute ? `, in doubt: ${dispute.stan} is disputed` : "";
    return [`${stan} is ${here} at the terminal, ${there} at the host${doubt}`];
  }
  const isMoney = payment !== undefined && !NOTHING.includes(there);
  return isMoney && payment.amount !== amount
    ? [`${stan}: ${amount} at the terminal, ${payment.amount} at the host`]
    : [];
}
