import { decode } from "cbor-x";
import type { JournalLine } from "../scenario/stage.ts";
import { crc32 } from "./profile.ts";

/**
 * Reads the terminal's journal out of the blocks of its two flash partitions, by the format that
 * firmware/journal/README.md describes and with none of its code.
 */

const BLOCK = 4096;
const RECORD_MAGIC = 0x4a;
const VERSION = 2;
const TRANSACTION = 1;
const COUNTER = 2;
const DONE = "DONE";
const FIRST_RECORD = 36;
const HEADER = 24;
const SUMMARY = 24;
/** Under which name the map has what a supervisor wrote down of a dispute. */
const CLEARED = "2";
/** And under which one the earlier transaction that this one names. */
const ORIGINAL = "o";

interface Details {
  readonly [CLEARED]?: string;
  readonly [ORIGINAL]?: { readonly stan: number };
}

/** Added to the state's number while a script notice is owed. */
const NOTICE = 128;

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

/** What a transaction can be in the journal. */
export const JOURNAL_STATES: readonly string[] = Object.values(STATES);

/** States in which a transaction is settled once its batch is closed. */
const SETTLED_BY_CLOSING: ReadonlySet<string> = new Set([
  "disputed",
  "confirmed",
  "receipted",
  "voided",
  "adjusted",
  "completed",
  "uploaded",
  "acknowledged",
]);

const TYPES: Readonly<Record<number, string>> = {
  1: "sale",
  2: "voidSale",
  3: "refund",
  4: "preAuthorisation",
  5: "voidPreAuthorisation",
  6: "completion",
  7: "voidCompletion",
  8: "completionAdvice",
  9: "offlineSale",
  10: "adjustment",
  11: "tip",
};

/** What kinds of them there are. */
export const JOURNAL_TYPES: readonly string[] = Object.values(TYPES);

interface Found {
  readonly kind: number;
  readonly sequence: number;
  readonly id: number;
  readonly stan: number;
  readonly state: string;
  readonly payload: Uint8Array;
}

/** The transactions of both partitions, oldest first, each in its newest state; those of closed batches as settled. */
export function readJournal(ring: readonly Uint8Array[], history: readonly Uint8Array[]): JournalLine[] {
  const newest = new Map<number, Found>();
  const put = (found: Found): void => {
    const known = newest.get(found.id);
    if (known === undefined || known.sequence <= found.sequence) newest.set(found.id, found);
  };
  let batch: number | undefined;
  for (const block of blocksOf(ring, "XJNL")) {
    batch = word(block, 20);
    for (const found of recordsOf(block, 0)) {
      if (found.kind === COUNTER) batch = word(found.payload, 0);
      else put(found);
    }
  }
  for (const block of blocksOf(history, "XHIS")) for (const found of recordsOf(block, 8)) put(found);
  return [...newest.values()].sort((a, b) => a.id - b.id).map((found) => lineOf(found, batch));
}

function lineOf({ stan, state, payload }: Found, openBatch: number | undefined): JournalLine {
  const batch = word(payload, 12);
  const { [CLEARED]: cleared, [ORIGINAL]: original } = decode(payload.subarray(SUMMARY)) as Details;
  const isSettled = batch !== openBatch && SETTLED_BY_CLOSING.has(state);
  return {
    stan: sixDigits(stan),
    state: isSettled ? "settled" : state,
    amount: (payload[6]! + 256 * payload[7]!) * 2 ** 32 + word(payload, 8),
    type: TYPES[payload[0]!] ?? `type ${payload[0]}`,
    ...(original === undefined ? {} : { original: sixDigits(original.stan) }),
    ...(cleared === undefined ? {} : { cleared }),
  };
}

function sixDigits(stan: number): string {
  return String(stan).padStart(6, "0");
}

/** The blocks in use, in the order of their sequences. */
function blocksOf(partition: readonly Uint8Array[], magic: string): Uint8Array[] {
  return partition
    .filter((block) => text(block, 0) === magic && word(block, 4) === VERSION)
    .filter((block) => word(block, 28) === crc32(block.subarray(0, 28)))
    .sort((a, b) => word(a, 8) - word(b, 8));
}

/** The committed records of a block; `behind`: bytes that belong to each of them behind its mark. */
function* recordsOf(block: Uint8Array, behind: number): Generator<Found> {
  for (let at = FIRST_RECORD; at + HEADER <= BLOCK; ) {
    const length = word(block, at + 16);
    const covered = HEADER + Math.ceil(length / 4) * 4;
    const whole =
      block[at] === RECORD_MAGIC &&
      block[at + 1] === VERSION &&
      word(block, at + 20) === crc32(block.subarray(at, at + 20)) &&
      at + covered + 8 + behind <= BLOCK;
    if (!whole) {
      at += 4;
      continue;
    }
    const committed =
      word(block, at + covered) === crc32(block.subarray(at, at + covered)) && text(block, at + covered + 4) === DONE;
    const kind = block[at + 2]!;
    const payload = block.subarray(at + HEADER, at + HEADER + length);
    if (committed && ((kind === TRANSACTION && isTransaction(payload)) || (kind === COUNTER && length === 8))) {
      yield {
        kind,
        sequence: word(block, at + 4),
        id: word(block, at + 8),
        stan: word(block, at + 12),
        state: STATES[block[at + 3]! & ~NOTICE] ?? `state ${block[at + 3]}`,
        payload,
      };
    }
    at += covered + 8 + behind;
  }
}

/** A summary, then one CBOR map. Throws for a payload that was committed and is none: the terminal wrote nonsense. */
function isTransaction(payload: Uint8Array): boolean {
  const details: unknown = decode(payload.subarray(SUMMARY));
  return typeof details === "object" && details !== null;
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
