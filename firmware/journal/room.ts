import type { History } from "./history.ts";
import type { RecordLog } from "./log.ts";
import { isFinal } from "./states.ts";
import type { Room } from "./types.ts";

/** What a transaction takes in the history, in bytes, before enough stand there to tell. */
const usualLength = 512;
const enough = 16;

/** How many more transactions a history takes beside those that wait in the ring to be moved there. */
export function roomIn(history: History, log: RecordLog, used: number): Room {
  const { used: taken, left: free } = history.room;
  let waiting = 0;
  for (let place = 0; place < log.index.count; place++) {
    if (!isFinal(log.index.at(place).state)) waiting++;
  }
  const moved = used - waiting;
  const length = moved < enough ? usualLength : Math.ceil(taken / moved);
  const left = Math.max(0, Math.floor(free / length) - waiting - 1);
  return { used, left, nearlyFull: used >= 9 * left };
}
