/** The file of a profile: a JSON line a thing, the first of which says what it is and the last that it is whole. */
import { createHash } from "node:crypto";
import { type Row, tables } from "../acquirer/books/tables.ts";
import type { KeptCard } from "../cards/kept-card.ts";
import type { KeptBlock } from "../chips/nor-flash.ts";
import { LineError } from "../line-error.ts";
import { type KeptWorld, rowKey, type TableName } from "./kept-world.ts";

const FORMAT = "xspos-profile";
const VERSION = 1;

/** A profile that cannot be read, with the line where. */
export class ProfileError extends LineError {
  override readonly name = "ProfileError";
}

export function writeProfile(world: KeptWorld): string {
  const { runs, elapsed, clockOffset, parameters } = world;
  const { operations, blocks } = world.flash;
  const things: object[] = [
    { format: FORMAT, version: VERSION, runs, elapsed, clockOffset, operations, parameters },
    ...[...world.secure].map(([name, bytes]) => ({ secure: name, bytes: text(bytes) })),
    ...blocks.map(({ partition, block, erases, bytes }) => ({
      flash: partition,
      ...{ block, erases, ...(bytes === undefined ? {} : { bytes: text(bytes) }) },
    })),
    ...[...world.cards].map(([name, state]) => ({ card: name, state })),
    ...[...world.books].flatMap(([table, rows]) => [...rows.values()].map((row) => ({ table, row }))),
  ];
  const lines = things.map((thing) => `${JSON.stringify(thing)}\n`).join("");
  return `${lines}${JSON.stringify({ end: things.length, sha256: digest(lines) })}\n`;
}

/** Reads it strictly. Throws `ProfileError` for the first line that is not what it must be. */
export function readProfile(file: string): KeptWorld {
  const lines = file.replace(/\n$/, "").split("\n");
  const first = object(lines[0] ?? "", 1);
  if (first.format !== FORMAT) throw new ProfileError(1, "not a profile");
  if (first.version !== VERSION) {
    throw new ProfileError(1, `a profile of version ${String(first.version)}; this simulator reads ${VERSION}`);
  }
  mustEnd(file, lines);
  const blocks: KeptBlock[] = [];
  const secure = new Map<string, Uint8Array>();
  const cards = new Map<string, KeptCard>();
  const books = new Map<TableName, Map<string, Row>>();
  for (const [place, line] of lines.slice(1, -1).entries()) {
    const number = place + 2;
    const thing = object(line, number);
    if (typeof thing.secure === "string") secure.set(thing.secure, bytesOf(thing.bytes, number));
    else if (typeof thing.flash === "string") blocks.push(blockOf(thing, number));
    else if (typeof thing.card === "string") cards.set(thing.card, cardOf(thing.state, number));
    else if (typeof thing.table === "string") put(books, thing, number);
    else throw new ProfileError(number, "not a thing that a profile keeps");
  }
  return {
    runs: count(first, "runs", 1),
    elapsed: count(first, "elapsed", 1),
    clockOffset: Number(first.clockOffset),
    parameters: record(first.parameters, 1, "parameters"),
    flash: { operations: count(first, "operations", 1), blocks },
    ...{ secure, cards, books },
  };
}

type Thing = Readonly<Record<string, unknown>>;

function object(line: string, number: number): Thing {
  try {
    return record(JSON.parse(line), number, "a line");
  } catch (error) {
    if (error instanceof ProfileError) throw error;
    throw new ProfileError(number, "not a line of a profile");
  }
}

function record(value: unknown, line: number, what: string): Thing {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProfileError(line, `${what} must be a map`);
  }
  return value as Thing;
}

/** The last line counts those before it and has their digest. */
function mustEnd(file: string, lines: readonly string[]): void {
  const last = object(lines.at(-1) ?? "", lines.length);
  if (last.end !== lines.length - 1) throw new ProfileError(lines.length, "the profile is not whole");
  const content = file.slice(0, file.lastIndexOf(lines.at(-1)!));
  if (last.sha256 !== digest(content))
    throw new ProfileError(lines.length, "the profile was changed: its digest differs");
}

function blockOf({ flash, block, erases, bytes }: Thing, line: number): KeptBlock {
  const isCounted = [block, erases].every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  if (!isCounted) throw new ProfileError(line, "a block of flash needs its number and its erases");
  const place = { partition: flash as string, block: block as number, erases: erases as number };
  return bytes === undefined ? place : { ...place, bytes: bytesOf(bytes, line) };
}

function cardOf(state: unknown, line: number): KeptCard {
  const card = record(state, line, "a card's state");
  const isCard = typeof card.isBlocked === "boolean" && Number.isSafeInteger(card.pinTriesLeft);
  if (!isCard || !Array.isArray(card.applications)) throw new ProfileError(line, "not a card's state");
  return card as unknown as KeptCard;
}

function put(books: Map<TableName, Map<string, Row>>, { table, row }: Thing, line: number): void {
  if (!Object.hasOwn(tables, String(table))) throw new ProfileError(line, `the books have no table "${String(table)}"`);
  const name = table as TableName;
  const isRow = Array.isArray(row) && row.length === tables[name].columns.length;
  if (!isRow) throw new ProfileError(line, `not a row of ${name}`);
  const rows = books.get(name) ?? new Map<string, Row>();
  rows.set(rowKey(name, row as Row), row as Row);
  books.set(name, rows);
}

function count(thing: Thing, name: string, line: number): number {
  const value = thing[name];
  if (typeof value !== "number" || !(value >= 0)) throw new ProfileError(line, `${name} must be a number`);
  return value;
}

function bytesOf(value: unknown, line: number): Uint8Array {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new ProfileError(line, "not base64");
  return new Uint8Array(Buffer.from(value, "base64"));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function digest(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
