import { decode } from "cbor-x";
import type { JournalLine } from "../scenario/stage.ts";
import { crc32 } from "./profile.ts";

/**
 * Reads the terminal's journal out of a flash image, by the format that firmware/journal/README.md describes and with
 * none of its code. Blocks of 4 KiB; the newest committed record of a transaction tells its state.
 */

const BLOCK = 4096;
const BLOCK_MAGIC = "XJNL";
const RECORD_MAGIC = 0x4a;
const VERSION = 1;
const TRANSACTION = 1;
const DONE = "DONE";
const FIRST_RECORD = 28;
const HEADER = 24;

/** Added to a state's number while a script notice is owed. */
const NOTICE_OWED = 0x80;

const STATES: Readonly<Record<number, string>> = {
  1: "opened",
  2: "authorising",
  3: "approved",
  4: "declined",
  5: "unknown",
  6: "reversing",
  7: "reversed",
  8: "disputed",
  9: "confirmed",
  10: "refused",
  11: "receipted",
  12: "cancelled",
  13: "settled",
  14: "voided",
  15: "adjusted",
  16: "completed",
  17: "offlineApproved",
  18: "uploading",
  19: "uploaded",
  20: "queued",
  21: "sent",
  22: "acknowledged",
};

interface Found {
  readonly sequence: number;
  readonly id: number;
  readonly line: JournalLine;
}

/** The transactions of the image, oldest first, each in its newest state. */
export function readJournal(image: Uint8Array): JournalLine[] {
  const newest = new Map<number, Found>();
  for (let start = 0; start + BLOCK <= image.length; start += BLOCK) {
    for (const found of recordsOf(image.subarray(start, start + BLOCK))) {
      const known = newest.get(found.id);
      if (known === undefined || known.sequence < found.sequence) newest.set(found.id, found);
    }
  }
  return [...newest.values()].sort((a, b) => a.id - b.id).map((found) => found.line);
}

function* recordsOf(block: Uint8Array): Generator<Found> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (text(block, 0) !== BLOCK_MAGIC || view.getUint32(20, true) !== crc32(block.subarray(0, 20))) return;
  for (let at = FIRST_RECORD; at + HEADER <= BLOCK; ) {
    const length = view.getUint32(at + 16, true);
    const covered = HEADER + Math.ceil(length / 4) * 4;
    const whole =
      block[at] === RECORD_MAGIC &&
      block[at + 1] === VERSION &&
      view.getUint32(at + 20, true) === crc32(block.subarray(at, at + 20)) &&
      at + covered + 8 <= BLOCK;
    if (!whole) {
      at += 4;
      continue;
    }
    const committed =
      view.getUint32(at + covered, true) === crc32(block.subarray(at, at + covered)) &&
      text(block, at + covered + 4) === DONE;
    if (committed && block[at + 2] === TRANSACTION) {
      const details = decode(block.subarray(at + HEADER, at + HEADER + length)) as {
        amount: number;
        type: string;
        cleared?: string;
      };
      yield {
        sequence: view.getUint32(at + 4, true),
        id: view.getUint32(at + 8, true),
        line: {
          stan: String(view.getUint32(at + 12, true)).padStart(6, "0"),
          state: STATES[block[at + 3]! & ~NOTICE_OWED] ?? `state ${block[at + 3]}`,
          amount: details.amount,
          type: details.type,
          ...(details.cleared === undefined ? {} : { cleared: details.cleared }),
        },
      };
    }
    at += covered + 8;
  }
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
