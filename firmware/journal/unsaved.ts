import type { History } from "./history.ts";
import type { IndexEntry } from "./index.ts";
import type { RecordLog, StoredRecord } from "./log.ts";

/** How many transactions' newest records stand behind what the host keeps a copy of. */
export function countUnsaved(log: RecordLog, history: History | undefined): number {
  let count = history?.countBehind(log.backedUp) ?? 0;
  for (let place = 0; place < log.index.count; place++) {
    if (log.index.at(place).sequence > log.backedUp) count++;
  }
  return count;
}

/** The oldest of them. */
export function oldestUnsaved(log: RecordLog, history: History | undefined): StoredRecord | undefined {
  const inHistory = history?.firstBehind(log.backedUp);
  const moved = inHistory === undefined ? undefined : history?.read(inHistory);
  let oldest: IndexEntry | undefined;
  for (let place = 0; place < log.index.count; place++) {
    const entry = log.index.at(place);
    if (entry.sequence > log.backedUp && entry.sequence < (oldest?.sequence ?? Number.MAX_SAFE_INTEGER)) oldest = entry;
  }
  const inRing = oldest === undefined ? undefined : log.read(oldest);
  return inRing !== undefined && inRing.header.sequence < (moved?.header.sequence ?? Number.MAX_SAFE_INTEGER)
    ? inRing
    : moved;
}
