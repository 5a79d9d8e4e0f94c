import type { History } from "./history.ts";
import type { RecordLog, StoredRecord } from "./log.ts";

/** How many transactions' newest records stand behind what the host keeps a copy of. */
export function countUnsaved(log: RecordLog, history: History | undefined): number {
  let count = history?.behind(log.backedUp).count ?? 0;
  for (let place = 0; place < log.index.count; place++) {
    if (log.index.at(place).sequence > log.backedUp) count++;
  }
  return count;
}

/** The oldest of them. */
export function oldestUnsaved(log: RecordLog, history: History | undefined): StoredRecord | undefined {
  const inHistory = history?.behind(log.backedUp).first;
  let record = inHistory === undefined ? undefined : history?.read(inHistory);
  let oldest = record?.header.sequence ?? Number.MAX_SAFE_INTEGER;
  for (let place = 0; place < log.index.count; place++) {
    const entry = log.index.at(place);
    if (entry.sequence <= log.backedUp || entry.sequence >= oldest) continue;
    oldest = entry.sequence;
    record = log.read(entry);
  }
  return record;
}
