import { domesticScheme } from "../../acquirer/scheme.ts";
import { countable, isSettled, settlementSides } from "../../acquirer/totals.ts";
import type { Services } from "../services.ts";
import type { OperatorRow } from "./intent.ts";

/** Rows that the device's memory holds while they are printed. */
const mostRows = 40;
/** In the place of a scheme: all of them together. */
const allSchemes = "";

type Row = { -readonly [Name in keyof OperatorRow]: OperatorRow[Name] };

/**
 * What is settled of the open batch by operator and card scheme, in the order of the numbers; where that is more than
 * `mostRows`, by operator alone.
 */
export async function rowsByOperator({ journal, batch }: Services): Promise<readonly OperatorRow[]> {
  let rows: Row[] = [];
  let isWhole = false;
  await journal.each(
    (found) => {
      const { type, operator, amount, scheme, state } = countable(found);
      if (!isSettled({ type, state })) return undefined;
      const signed = settlementSides[type] === "credits" ? -amount : amount;
      add(rows, { operator, scheme: isWhole ? allSchemes : (scheme ?? domesticScheme), count: 1, amount: signed });
      if (!isWhole && rows.length > mostRows) {
        rows = together(rows);
        isWhole = true;
      }
      return undefined;
    },
    { batch: batch.number },
  );
  return rows.sort((one, other) => Number(one.operator) - Number(other.operator));
}

function add(rows: Row[], { operator, scheme, count, amount }: OperatorRow): void {
  const row = rows.find((each) => each.operator === operator && each.scheme === scheme);
  if (row === undefined) {
    rows.push({ operator, scheme, count, amount });
    return;
  }
  row.count += count;
  row.amount += amount;
}

function together(rows: readonly Row[]): Row[] {
  const whole: Row[] = [];
  for (const row of rows) add(whole, { ...row, scheme: allSchemes });
  return whole;
}
