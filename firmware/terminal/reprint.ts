import type { Transaction, TransactionState } from "../journal/types.ts";
import { noteReceipts, withoutHost } from "./approval.ts";
import { askNumber } from "./number-entry.ts";
import { printReceipts } from "./receipts.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** States in which there is something to have on paper. */
const printable: readonly TransactionState[] = Object.freeze([
  "confirmed",
  "receipted",
  "acknowledged",
  "voided",
  "adjusted",
  "completed",
  ...withoutHost,
  "settled",
]);

/** The receipt of the last approved transaction once more. */
export async function reprintLast(services: Services): Promise<void> {
  await print(services, await services.journal.last(printable));
}

/** The receipt of a transaction by its voucher number. */
export async function reprintByNumber(services: Services): Promise<void> {
  const voucher = await askNumber(services, { what: "voucher", operation: "sale", least: 1, most: 6 });
  await print(services, await services.journal.find({ stan: Number(voucher), states: printable }));
}

async function print(services: Services, transaction: Transaction | undefined): Promise<void> {
  if (transaction === undefined) {
    throw new UserError({ id: "no-original", reason: "none" });
  }
  await printAgain(services, transaction);
}

/** Whether there is something of a transaction to have on paper. */
export function isPrintable({ state }: Transaction): boolean {
  return printable.includes(state);
}

/** Prints a transaction's receipts as duplicates. */
export async function printAgain(services: Services, transaction: Transaction): Promise<void> {
  if (await printReceipts(services, transaction, true)) {
    await noteReceipts(services, transaction);
  }
}
