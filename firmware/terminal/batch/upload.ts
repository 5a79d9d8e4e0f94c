import { isRefusal } from "../../acquirer/refusal.ts";
import { stripesAtOnce, type UploadOutcome } from "../../acquirer/settlement.ts";
import { isSettled } from "../../acquirer/totals.ts";
import type { Transaction, TransactionType } from "../../journal/types.ts";
import type { Services } from "../services.ts";
import { askBatchHost } from "./host.ts";
import { type SettlementIntent, writeIntent } from "./intent.ts";

/** How many records are found by one way through the journal. */
const idsAtOnce = 32;

/** Nothing is uploaded of a payment that was taken back, nor what took it back. */
const withoutRecord: readonly TransactionType[] = ["voidSale", "voidCompletion"];

function hasRecord(transaction: Transaction): boolean {
  const isPayment =
    transaction.state !== "voided" && isSettled(transaction) && !withoutRecord.includes(transaction.type);
  return isPayment || isRefusal(transaction);
}

function isChip({ entryMode, chipData }: Transaction): boolean {
  return (entryMode === "chip" || entryMode === "contactless") && chipData !== undefined;
}

/**
 * Uploads the batch's records from where the intent stands, oldest first. Where the totals were equal the host wants the
 * chips' alone. After each message that the host has taken the intent says so: a cut repeats one message at most.
 * @param onProgress told before each message how many of how many records are with the host
 * @returns the intent with all of them uploaded, or what stopped it
 */
export async function uploadRecords(
  services: Services,
  begun: SettlementIntent,
  onProgress: (done: number, all: number) => Promise<void>,
): Promise<SettlementIntent | Exclude<UploadOutcome, { readonly kind: "taken" }>> {
  const { batch, isEqual = false } = begun;
  let all = 0;
  await services.journal.each(
    (transaction) => {
      if (hasRecord(transaction) && (!isEqual || isChip(transaction))) all++;
      return undefined;
    },
    { batch },
  );
  let intent = begun;
  for (;;) {
    const next = await nextRecords(services, intent, isEqual);
    if (next.length === 0) return intent;
    for (let place = 0; place < next.length; ) {
      const records = await messageAt(services, next, place);
      const last = records[records.length - 1]!;
      await onProgress(intent.uploaded, all);
      const outcome = await askBatchHost(services, (host) =>
        isChip(last) ? host.uploadChip(batch, last, isEqual) : host.uploadStripes(batch, records),
      );
      if (outcome.kind !== "taken" && outcome.kind !== "nothing") return outcome;
      const taken = outcome.kind === "nothing" ? 0 : records.length;
      place += records.length;
      intent = { ...intent, uploaded: intent.uploaded + taken, lastId: last.id };
      await writeIntent(services.notes, intent);
    }
  }
}

/** Ids of the next records: several at once, because going through the journal takes long, and no more of them than that. */
async function nextRecords(services: Services, intent: SettlementIntent, chipsOnly: boolean): Promise<number[]> {
  const next: number[] = [];
  await services.journal.each(
    (transaction) => {
      if (transaction.id <= intent.lastId || !hasRecord(transaction)) return undefined;
      if (!chipsOnly || isChip(transaction)) next.push(transaction.id);
      return next.length < idsAtOnce;
    },
    { batch: intent.batch },
  );
  return next;
}

/** What goes into one message: a chip payment alone, stripes that follow each other together. */
async function messageAt(services: Services, ids: readonly number[], from: number): Promise<Transaction[]> {
  const message: Transaction[] = [];
  for (let place = from; place < ids.length && message.length < stripesAtOnce; place++) {
    const record = await services.journal.find({ id: ids[place]! });
    if (record === undefined) throw new Error("the journal lost a record of the batch");
    if (message.length > 0 && isChip(record)) break;
    message.push(record);
    if (isChip(record)) break;
  }
  return message;
}
