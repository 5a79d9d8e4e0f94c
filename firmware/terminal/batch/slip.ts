import { netOf, type Side, type Sides, type Sum, sideOf } from "../../acquirer/totals.ts";
import { type BatchData, batchLines } from "../../receipt/batch.ts";
import { printedDate, readFunds } from "../known-funds.ts";
import { localTime, printedTime } from "../local-time.ts";
import { printLines } from "../receipts.ts";
import { money, type Services } from "../services.ts";
import { UserError } from "../user-error.ts";
import { noteSlipPrinted, readSlip, type SettledBatch, type SettlementSlip } from "./intent.ts";

/** Prints a settlement's slip; what cannot be printed now is printed at the next start, or from the menu. */
export async function printSlip(services: Services, slip: SettlementSlip): Promise<void> {
  const data = {
    ...batchData(services, slip),
    ...(await payoutData(services, slip)),
    ...(slip.printed ? { duplicate: true } : {}),
  };
  const { language } = services.screen;
  const isPrinted = await printLines(services, "settlement", () => batchLines(data, language));
  if (isPrinted && !slip.printed) await noteSlipPrinted(services.notes, slip.batch);
}

/** What the host has said of this batch's payments: only where it means the same money. */
async function payoutData(
  services: Services,
  { batch, rows }: SettledBatch,
): Promise<Pick<BatchData, "fee" | "expected">> {
  const known = await readFunds(services.notes);
  const item = known?.items.find((each) => each.batch === batch && each.part === "payments");
  if (item === undefined || item.amount !== netOf(sideOf(rows))) return {};
  return {
    fee: money(services, item.fee),
    ...(item.expected === undefined ? {} : { expected: printedDate(item.expected) }),
  };
}

/** The last settlement's slip once more. */
export async function reprintSlip(services: Services): Promise<void> {
  const slip = await readSlip(services.notes);
  if (slip === undefined) throw new UserError({ id: "error", detail: "nothing to print" });
  await printSlip(services, slip);
}

/** What paper says of a batch, settled or not. */
export function batchData(
  services: Pick<Services, "parameters" | "currency" | "screen">,
  batch: SettledBatch,
): BatchData {
  const { parameters, screen } = services;
  const sum = ({ count, amount }: Sum) => ({ count, amount: money(services, amount) });
  const side = sideOf(batch.rows);
  return {
    merchantName: parameters.merchantName[screen.language],
    merchantNumber: parameters.merchantId,
    terminalNumber: parameters.terminalId,
    operator: batch.operator,
    batch: String(batch.batch).padStart(6, "0"),
    dateTime: printedTime(localTime(batch.at, parameters.utcOffsetMinutes)),
    rows: batch.rows.map((row) => ({ ...sum(row), operation: row.type, scheme: row.scheme })),
    debits: sum(side.debits),
    credits: sum(side.credits),
    net: money(services, netOf(side)),
    ...(batch.operators === undefined
      ? {}
      : {
          operators: batch.operators.map((row) => ({ ...sum(row), operator: row.operator, scheme: row.scheme })),
        }),
    disputed: batch.disputed.map(({ stan, amount }) => ({
      voucher: String(stan).padStart(6, "0"),
      amount: money(services, amount),
    })),
    ...settledData(batch, sum),
  };
}

function settledData(
  { host, isEqual }: SettledBatch,
  sum: (part: Sum) => { readonly count: number; readonly amount: ReturnType<typeof money> },
): Pick<BatchData, "settled"> {
  if (host === undefined) return {};
  return {
    settled: {
      isEqual: isEqual === true,
      hostDebits: sum(together(host, "debits")),
      hostCredits: sum(together(host, "credits")),
    },
  };
}

/** Both sides of the host's totals in one. */
function together({ domestic, foreign }: Sides, name: keyof Side): Sum {
  return {
    count: domestic[name].count + foreign[name].count,
    amount: domestic[name].amount + foreign[name].amount,
  };
}
