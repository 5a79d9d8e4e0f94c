import { RecordLog } from "../../../firmware/journal/log.ts";
import type { TransactionDetails } from "../../../firmware/journal/types.ts";
import type { NorFlash } from "./nor-flash.ts";

/** The ring below a journal, to write into it what a journal would not. */
export function rawRing(flash: NorFlash): RecordLog {
  const log = new RecordLog(flash, 1, { isDroppable: () => false, isMoved: () => false, moveOut: () => false });
  log.begin(1);
  return log;
}

/** A chip sale as a flow opens it. */
export function saleOf(amount: number): TransactionDetails {
  return {
    type: "sale",
    batch: 1,
    amount,
    currency: "CNY",
    entryMode: "chip",
    maskedPan: "622848******1117",
    panToken: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
    expiry: "3012",
    panSequenceNumber: "001",
    startedAt: 1_767_225_600_000,
    operator: "01",
  };
}
