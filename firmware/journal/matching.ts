import { fingerprint, type Summary } from "./summary.ts";
import type { Transaction, TransactionFilter, TransactionState } from "./types.ts";

/** Whether a transaction is one of those looked for. */
export function fits(transaction: Transaction, { states, types, ...same }: TransactionFilter): boolean {
  const values: Readonly<Partial<Record<string, unknown>>> = { ...transaction };
  return (
    (states === undefined || states.includes(transaction.state)) &&
    (types === undefined || types.includes(transaction.type)) &&
    Object.entries(same).every(([name, value]) => value === undefined || values[name] === value)
  );
}

/** False where a record's summary shows already that it is none of those looked for. */
export function mayFit(stan: number, state: TransactionState, summary: Summary, matches: TransactionFilter): boolean {
  return (
    (matches.stan === undefined || matches.stan === stan) &&
    (matches.batch === undefined || matches.batch === summary.batch) &&
    (matches.states === undefined || matches.states.includes(state)) &&
    (matches.types === undefined || matches.types.includes(summary.type)) &&
    (matches.referenceNumber === undefined || fingerprint(matches.referenceNumber) === summary.reference) &&
    (matches.authorisationCode === undefined || fingerprint(matches.authorisationCode) === summary.authorisation)
  );
}
