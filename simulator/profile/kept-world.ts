import type { Group } from "../acquirer/books/changes.ts";
import type { Kept } from "../acquirer/books/restore.ts";
import { type Row, tables, type Value } from "../acquirer/books/tables.ts";
import type { KeptCard } from "../cards/kept-card.ts";
import type { KeptBlock } from "../chips/nor-flash.ts";

export type TableName = keyof typeof tables;

/** What outlives a run of a world: the terminal's memories, the bank's books, what the cards remember. */
export interface KeptWorld {
  /** Runs so far: each has chance of its own. */
  readonly runs: number;
  /** Virtual milliseconds of all runs together, and how far the terminal's clock was set off. */
  readonly elapsed: number;
  readonly clockOffset: number;
  /** What the terminal was made with, over the default profile. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly flash: { readonly operations: number; readonly blocks: readonly KeptBlock[] };
  readonly secure: ReadonlyMap<string, Uint8Array>;
  readonly cards: ReadonlyMap<string, KeptCard>;
  /** Rows by table; each table's by its key, in the order in which they came. */
  readonly books: ReadonlyMap<TableName, ReadonlyMap<string, Row>>;
}

/** A world of which nothing has been kept yet. */
export const NOTHING_KEPT: KeptWorld = {
  runs: 0,
  elapsed: 0,
  clockOffset: 0,
  parameters: {},
  flash: { operations: 0, blocks: [] },
  secure: new Map(),
  cards: new Map(),
  books: new Map(),
};

/** The key of a row, as the table says. */
export function rowKey(table: TableName, row: Row): string {
  return JSON.stringify(row.filter((_, place) => tables[table].columns[place]?.key === true));
}

/** Books with what changed since: rows that stand under a key already are replaced, backups of closed batches go. */
export function booksWith(books: KeptWorld["books"], { rows, closed }: Group): KeptWorld["books"] {
  const result = new Map<TableName, Map<string, Row>>();
  for (const table of Object.keys(tables) as TableName[]) {
    const merged = new Map(books.get(table));
    for (const row of rows.get(table) ?? []) merged.set(rowKey(table, row), row);
    result.set(table, merged);
  }
  const backups = result.get("backups");
  for (const [key, [terminal, batch]] of backups ?? []) {
    if (closed.some((one) => one.terminal === terminal && one.batch === batch)) backups?.delete(key);
  }
  return result;
}

/** The order in which a host takes them back. */
const ORDER: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  entries: ["id"],
  legs: ["entry", "place"],
  transactions: ["number"],
  funds: ["terminal", "number"],
  backups: ["terminal", "number"],
};

/** Books as the host takes them: rows by column name. */
export function keptBooks(books: KeptWorld["books"]): Kept {
  const rows = (Object.keys(tables) as TableName[]).map((table) => {
    const named = [...(books.get(table)?.values() ?? [])].map((row) =>
      Object.fromEntries(tables[table].columns.map(({ name }, place) => [name, row[place] ?? null])),
    );
    return [table, named.sort((one, other) => compare(one, other, ORDER[table] ?? []))] as const;
  });
  return { rows: Object.fromEntries(rows) as unknown as Kept["rows"] };
}

type Columns = Readonly<Record<string, Value>>;

function compare(one: Columns, other: Columns, names: readonly string[]): number {
  for (const name of names) {
    const [a = null, b = null] = [one[name], other[name]];
    if (a !== b) return a === null || (b !== null && a < b) ? -1 : 1;
  }
  return 0;
}
