import { countable, settledRows, settlementSides, type TotalsRow } from "../../acquirer/totals.ts";
import { Totals } from "../../journal/totals.ts";
import type { Services } from "../services.ts";
import type { OperatorRow } from "./intent.ts";

/** The open batch by operator and card scheme, in the order in which they came. */
export async function rowsByOperator({ journal, batch }: Services): Promise<readonly OperatorRow[]> {
  const totals: [operator: string, totals: Totals][] = [];
  await journal.each(
    (transaction) => {
      let own = totals.find(([operator]) => operator === transaction.operator)?.[1];
      if (own === undefined) {
        own = new Totals();
        totals.push([transaction.operator, own]);
      }
      own.add(countable(transaction));
      return undefined;
    },
    { batch: batch.number },
  );
  return totals.flatMap(([operator, own]) => byScheme(operator, settledRows(own.read())));
}

function byScheme(operator: string, rows: readonly TotalsRow[]): OperatorRow[] {
  const sums: OperatorRow[] = [];
  for (const { type, scheme, count, amount } of rows) {
    const signed = settlementSides[type] === "credits" ? -amount : amount;
    const place = sums.findIndex((row) => row.scheme === scheme);
    const before = sums[place] ?? { operator, scheme, count: 0, amount: 0 };
    const row = { operator, scheme, count: before.count + count, amount: before.amount + signed };
    if (place < 0) sums.push(row);
    else sums[place] = row;
  }
  return sums;
}
