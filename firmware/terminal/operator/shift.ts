import { countable, settledRows, type TotalsRow } from "../../acquirer/totals.ts";
import { Totals } from "../../journal/totals.ts";
import { batchLines } from "../../receipt/batch.ts";
import { languages } from "../../screen/messages/languages.ts";
import { say } from "../../screen/messages/words.ts";
import { showReport, totalChoices } from "../batch/report-screen.ts";
import { batchData } from "../batch/slip.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";
import { operatorOf } from "./duty.ts";

/** Note of the shifts that are open: number and the id of the last transaction before, in turn. */
const shiftsNote = "shifts";

type Shift = readonly [operator: string, after: number];

async function readShifts({ notes }: Services): Promise<Shift[]> {
  const flat = await notes.read(shiftsNote);
  const shifts: Shift[] = [];
  if (!Array.isArray(flat)) return shifts;
  for (let place = 0; place + 1 < flat.length; place += 2) {
    const [operator, after] = [flat[place], flat[place + 1]];
    if (typeof operator === "string" && typeof after === "number") shifts.push([operator, after]);
  }
  return shifts;
}

function writeShifts({ notes }: Services, shifts: readonly Shift[]): Promise<void> {
  return notes.write(shiftsNote, shifts.flat());
}

/** An operator comes: a shift begins, unless one goes on that was locked, or that the power has interrupted. */
export async function beginShift(services: Services, operator: string): Promise<void> {
  const shifts = await readShifts(services);
  if (shifts.some(([number]) => number === operator)) return;
  const last = await services.journal.last();
  await writeShifts(services, [...shifts, [operator, last?.id ?? 0]]);
}

/** What the shift of whoever is on duty has come to; with ENTER on paper. */
export async function shiftReport(services: Services): Promise<void> {
  await showShift(services);
}

/** The shift's totals are shown and printed, and the operator is gone. CANCEL: the shift goes on. */
export async function signOff(services: Services): Promise<void> {
  const operator = operatorOf(services);
  if (!(await showShift(services))) return;
  const shifts = await readShifts(services);
  await writeShifts(
    services,
    shifts.filter(([number]) => number !== operator),
  );
  services.duty.operator = undefined;
  await showResult(services, { id: "operator-changed", what: "signedOff", operator });
}

/** False where it was left without printing. */
async function showShift(services: Services): Promise<boolean> {
  const { screen, batch, clock } = services;
  const words = languages[screen.language];
  const operator = operatorOf(services);
  const rows = await shiftRows(services, operator);
  const totals = { batch: batch.number, at: clock.wall(), operator, rows, disputed: [] };
  const heading = `${words["report.shift"]} ${say(words, "operator.number", { operator })}`;
  return showReport(services, totalChoices(services, rows), heading, () =>
    batchLines({ ...batchData(services, totals), shift: true }, screen.language),
  );
}

/** What an operator has taken in the open batch since the shift began. */
async function shiftRows(services: Services, operator: string): Promise<readonly TotalsRow[]> {
  const shifts = await readShifts(services);
  const after = shifts.find(([number]) => number === operator)?.[1] ?? 0;
  const totals = new Totals();
  await services.journal.each(
    (transaction) => {
      if (transaction.operator === operator && transaction.id > after) totals.add(countable(transaction));
      return undefined;
    },
    { batch: services.batch.number },
  );
  return settledRows(totals.read());
}
