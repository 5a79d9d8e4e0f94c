import type { Side, Sides, Sum, TotalsRow } from "../../acquirer/totals.ts";
import { type CborMap, type CborValue, isCborMap } from "../../codec/cbor.ts";
import { FormatError } from "../../codec/errors.ts";
import type { NotesPort } from "../../journal/notes.ts";

/** A payment that the bank would not reverse or would not take: its money has still to be cleared. */
export interface DisputedPayment {
  readonly stan: number;
  readonly amount: number;
}

/** What one operator has taken with cards of one scheme: credits taken off. */
export interface OperatorRow {
  readonly operator: string;
  readonly scheme: string;
  readonly count: number;
  readonly amount: number;
}

/** What is known of a batch when it is settled, and what its slip says. */
export interface SettledBatch {
  readonly batch: number;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  readonly operator: string;
  readonly rows: readonly TotalsRow[];
  readonly disputed: readonly DisputedPayment[];
  /** Where operators sign on. */
  readonly operators?: readonly OperatorRow[];
  /** The host's sums, and whether they equal ours; absent until it has said them. */
  readonly host?: Sides;
  readonly isEqual?: boolean;
}

/**
 * A settlement under way, as it stands in flash: what was asked, how far the upload got, and what is left to do. While
 * there is one no payment begins.
 */
export interface SettlementIntent extends SettledBatch {
  /** `comparing`: the host has still to say its totals; `uploading`: it gets the records; `closing`: its batch is closed. */
  readonly stage: "comparing" | "uploading" | "closing";
  /** Records that the host has taken, and the id of the last one. */
  readonly uploaded: number;
  readonly lastId: number;
  /** How often the host has asked for all of it again. */
  readonly repeats: number;
}

/** The settlement that was printed last, or has still to be. */
export interface SettlementSlip extends SettledBatch {
  readonly printed: boolean;
}

const intentNote = "settlement";
const slipNote = "settled";

/** The settlement under way; undefined where there is none. */
export function readIntent(notes: NotesPort): Promise<SettlementIntent | undefined> {
  return readAs(notes, intentNote, intentOf);
}

export function writeIntent(notes: NotesPort, intent: SettlementIntent): Promise<void> {
  return notes.write(intentNote, plain(intent));
}

export function forgetIntent(notes: NotesPort): Promise<void> {
  return notes.erase(intentNote);
}

/** The settlement before; undefined where there was none. */
export function readSlip(notes: NotesPort): Promise<SettlementSlip | undefined> {
  return readAs(notes, slipNote, slipOf);
}

export function writeSlip(notes: NotesPort, slip: SettlementSlip): Promise<void> {
  return notes.write(slipNote, plain(slip));
}

/** What is not there has no key. */
function plain(value: object): CborValue {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as CborValue;
}

/** A note of another version than ours says nothing. */
async function readAs<Value>(
  notes: NotesPort,
  name: string,
  convert: (map: CborMap) => Value,
): Promise<Value | undefined> {
  const value = await notes.read(name);
  if (value === undefined) return undefined;
  try {
    return convert(mapOf(value));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function intentOf(map: CborMap): SettlementIntent {
  const stage = map.stage;
  if (stage !== "comparing" && stage !== "uploading" && stage !== "closing") throw wrong("stage");
  return {
    ...batchOf(map),
    stage,
    uploaded: numberOf(map.uploaded),
    lastId: numberOf(map.lastId),
    repeats: numberOf(map.repeats),
  };
}

function slipOf(map: CborMap): SettlementSlip {
  return { ...batchOf(map), printed: map.printed === true };
}

function batchOf(map: CborMap): SettledBatch {
  return {
    batch: numberOf(map.batch),
    at: numberOf(map.at),
    operator: textOf(map.operator),
    rows: listOf(map.rows).map((row) => ({
      ...sumOf(row),
      type: textOf(row.type) as TotalsRow["type"],
      scheme: textOf(row.scheme),
    })),
    disputed: listOf(map.disputed).map((payment) => ({
      stan: numberOf(payment.stan),
      amount: numberOf(payment.amount),
    })),
    ...(map.operators === undefined ? {} : { operators: listOf(map.operators).map(operatorRowOf) }),
    ...(map.host === undefined ? {} : { host: sidesOf(mapOf(map.host)) }),
    ...(typeof map.isEqual === "boolean" ? { isEqual: map.isEqual } : {}),
  };
}

function operatorRowOf(row: CborMap): OperatorRow {
  return { ...sumOf(row), operator: textOf(row.operator), scheme: textOf(row.scheme) };
}

function sidesOf(map: CborMap): Sides {
  return { domestic: sideOf(mapOf(map.domestic)), foreign: sideOf(mapOf(map.foreign)) };
}

function sideOf(map: CborMap): Side {
  return { debits: sumOf(mapOf(map.debits)), credits: sumOf(mapOf(map.credits)) };
}

function sumOf(map: CborMap): Sum {
  return { count: numberOf(map.count), amount: numberOf(map.amount) };
}

function mapOf(value: CborValue): CborMap {
  if (!isCborMap(value)) throw wrong("map");
  return value;
}

function listOf(value: CborValue): CborMap[] {
  if (!Array.isArray(value)) throw wrong("list");
  return value.map(mapOf);
}

function numberOf(value: CborValue): number {
  if (typeof value !== "number") throw wrong("number");
  return value;
}

function textOf(value: CborValue): string {
  if (typeof value !== "string") throw wrong("text");
  return value;
}

function wrong(what: string): FormatError {
  return new FormatError("note", 0, `${what} expected`);
}
