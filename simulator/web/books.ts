/** The terminal's journal beside the acquirer's books. */
import type { Simulation } from "../world/simulation.ts";
import type { BookedPayment, DifferenceRow, DifferencesData, Words } from "./protocol.ts";
import { inBoth } from "./words/differences-zh.ts";

export function differencesOf(simulation: Simulation): DifferencesData {
  const { bank } = simulation;
  const rows = new Map<string, { terminal: BookedPayment | null; acquirer: BookedPayment | null; differs: Words[] }>();
  const row = (stan: string) => {
    const known = rows.get(stan) ?? { terminal: null, acquirer: null, differs: [] };
    rows.set(stan, known);
    return known;
  };
  for (const { stan, state, amount, type } of simulation.journal()) row(stan).terminal = { state, amount, type };
  for (const { stan, state, amount } of bank.payments()) row(stan).acquirer = { state, amount };
  const others: Words[] = [];
  for (const difference of simulation.audit()) {
    const stan = difference.match(/\d{6}/g)?.find((word) => rows.has(word));
    if (stan === undefined) others.push(inBoth(difference));
    else row(stan).differs.push(inBoth(difference));
  }
  return {
    rows: [...rows].map(([reference, both]): DifferenceRow => ({ reference, ...both })),
    others,
    ledger: bank.balances(),
    settlement: settlementsOf(bank.log()),
  };
}

/** Digits of field 48 for one kind of cards: debits and credits (amount 12, count 3 each), and the host's verdict. */
const SIDE = 31;
const BALANCED = "1";

/** What the terminal claimed at the end of each batch (0500), and whether the host counted the same. */
function settlementsOf(log: readonly object[]): DifferencesData["settlement"] {
  return log.flatMap((entry) => {
    const { mti, fields, answer } = entry as {
      readonly mti: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly answer?: { readonly fields: Readonly<Record<string, string>> };
    };
    const claimed = fields[48] ?? "";
    if (mti !== "0500" || claimed.length !== 2 * SIDE) return [];
    const verdicts = answer?.fields[48] ?? "";
    return [
      {
        batch: (fields[60] ?? "").slice(2, 8),
        terminal: { count: sum(claimed, 12, 3, 1), total: sum(claimed, 0, 12, -1) },
        agreed: [SIDE - 1, 2 * SIDE - 1].every((place) => verdicts[place] === BALANCED),
      },
    ];
  });
}

/** Debits and credits of both kinds of cards together; credits count with that sign. */
function sum(claimed: string, from: number, length: number, credit: 1 | -1): number {
  return [0, SIDE].reduce((total, side) => {
    const number = (place: number): number => Number(claimed.slice(side + place, side + place + length));
    return total + number(from) + credit * number(from + 15);
  }, 0);
}
