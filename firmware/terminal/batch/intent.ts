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
  /** Where operators sign on; of a settlement under way they are added up again at its end. */
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
/** The batch whose slip is on paper. */
const printedNote = "slipPrinted";

/** The settlement under way; undefined where there is none. */
export function readIntent(notes: NotesPort): Promise<SettlementIntent | undefined> {
  return readAs(notes, intentNote, intentOf);
}

export function writeIntent(notes: NotesPort, { operators: _operators, ...intent }: SettlementIntent): Promise<void> {
  return notes.write(intentNote, packed(intent));
}

export function forgetIntent(notes: NotesPort): Promise<void> {
  return notes.erase(intentNote);
}

/** The settlement before; undefined where there was none. */
export async function readSlip(notes: NotesPort): Promise<SettlementSlip | undefined> {
  const slip = await readAs(notes, slipNote, batchOf);
  return slip === undefined ? undefined : { ...slip, printed: (await notes.read(printedNote)) === slip.batch };
}

/** In the place of the slip before, which goes first: two of the largest do not fit the notes. */
export async function writeSlip(notes: NotesPort, slip: SettledBatch): Promise<void> {
  await notes.erase(slipNote);
  await notes.erase(printedNote); // a batch's number may come again
  await notes.write(slipNote, packed(slip));
}

/** The slip of that batch is on paper. */
export function noteSlipPrinted(notes: NotesPort, batch: number): Promise<void> {
  return notes.write(printedNote, batch);
}

/** Lists become flat ones, because forty operators have two hundred rows; what is not there has no key. */
function packed({ rows, disputed, operators, ...rest }: SettledBatch): CborValue {
  const others = Object.entries(rest).filter(([, part]) => part !== undefined);
  return {
    ...(Object.fromEntries(others) as CborMap),
    rows: rows.flatMap(({ type, scheme, count, amount }) => [type, scheme, count, amount]),
    disputed: disputed.flatMap(({ stan, amount }) => [stan, amount]),
    ...(operators === undefined
      ? {}
      : { operators: operators.flatMap(({ operator, scheme, count, amount }) => [operator, scheme, count, amount]) }),
  };
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

function batchOf(map: CborMap): SettledBatch {
  return {
    batch: numberOf(map.batch),
    at: numberOf(map.at),
    operator: textOf(map.operator),
    rows: rowsOf(map.rows, 4).map(([type, scheme, count, amount]) => ({
      ...sumOf({ count, amount }),
      type: textOf(type) as TotalsRow["type"],
      scheme: textOf(scheme),
    })),
    disputed: rowsOf(map.disputed, 2).map(([stan, amount]) => ({ stan: numberOf(stan), amount: numberOf(amount) })),
    ...(map.operators === undefined ? {} : { operators: rowsOf(map.operators, 4).map(operatorRowOf) }),
    ...(map.host === undefined ? {} : { host: sidesOf(mapOf(map.host)) }),
    ...(typeof map.isEqual === "boolean" ? { isEqual: map.isEqual } : {}),
  };
}

function operatorRowOf([operator, scheme, count, amount]: readonly CborValue[]): OperatorRow {
  return { ...sumOf({ count, amount }), operator: textOf(operator), scheme: textOf(scheme) };
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

/** A flat list in rows of so many. */
function rowsOf(value: CborValue, width: number): CborValue[][] {
  if (!Array.isArray(value) || value.length % width !== 0) throw wrong("list");
  return Array.from({ length: value.length / width }, (_, row) => value.slice(row * width, (row + 1) * width));
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
