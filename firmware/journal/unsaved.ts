import type { History } from "./history.ts";
import type { IndexEntry } from "./index.ts";
import type { RecordLog, StoredRecord } from "./log.ts";

/** The transactions whose newest records stand behind what the host keeps a copy of. */
export class Unsaved {
  readonly #log: RecordLog;
  readonly #history: History | undefined;
  /** Where the oldest one stood in the history, and behind which sequence: nothing of an earlier block is behind that. */
  #foundIn = 0;
  #foundBehind = 0;

  constructor(log: RecordLog, history: History | undefined) {
    this.#log = log;
    this.#history = history;
  }

  /** How many there are; this goes through all of them. */
  count(): number {
    const { backedUp, index } = this.#log;
    const history = this.#history;
    let count = 0;
    for (let place = 0; place < index.count; place++) if (index.at(place).sequence > backedUp) count++;
    for (let block = this.#blockBehind(backedUp); history !== undefined && block <= history.blocks.last; block++) {
      for (const offset of history.offsets(block)) if (this.#isBehind(history, offset, backedUp)) count++;
    }
    return count;
  }

  /** The oldest of them. Asked for again and again while they are saved, it goes through the history once. */
  oldest(): StoredRecord | undefined {
    const { backedUp, index } = this.#log;
    let oldest: IndexEntry | undefined;
    for (let place = 0; place < index.count; place++) {
      const entry = index.at(place);
      if (entry.sequence > backedUp && entry.sequence < (oldest?.sequence ?? Number.MAX_SAFE_INTEGER)) oldest = entry;
    }
    const inRing = oldest === undefined ? undefined : this.#log.read(oldest);
    const inHistory = this.#oldestInHistory(backedUp);
    if (inRing === undefined || inHistory === undefined) return inRing ?? inHistory;
    return inRing.header.sequence < inHistory.header.sequence ? inRing : inHistory;
  }

  #oldestInHistory(sequence: number): StoredRecord | undefined {
    const history = this.#history;
    if (history === undefined) return undefined;
    const { first, last } = history.blocks;
    let block = sequence >= this.#foundBehind ? this.#foundIn : 0;
    if (block < first) block = this.#blockBehind(sequence);
    this.#foundBehind = sequence;
    for (; block <= last; block++) {
      this.#foundIn = block;
      for (const offset of history.offsets(block)) {
        if (this.#isBehind(history, offset, sequence)) return history.read(offset);
      }
    }
    return undefined;
  }

  #isBehind(history: History, offset: number, sequence: number): boolean {
    return history.readBeginning(offset, 0).header.sequence > sequence && history.isNewest(offset);
  }

  /** The newest block before which all records have that sequence or a lower one. */
  #blockBehind(sequence: number): number {
    const { first, last } = this.#history?.blocks ?? { first: 1, last: 0 };
    let block = last;
    for (; block > first; block--) {
      if ((this.#history?.nextRecordOf(block) ?? Number.MAX_SAFE_INTEGER) <= sequence + 1) break;
    }
    return Math.max(block, first);
  }
}
