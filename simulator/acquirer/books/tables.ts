/** The tables in which the books outlive the host: the same for every engine. */

/** A column: its SQL type, and whether it is part of the primary key. */
interface Column {
  readonly name: string;
  readonly type: "BIGINT" | "TEXT";
  readonly key?: true;
}

/** A table; `changes` says that a row may be written again under its key. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly changes: boolean;
}

function table(name: string, changes: boolean, key: string, others: string): Table {
  const column = (text: string, isKey: boolean): Column => {
    const type = text.startsWith("#") ? "BIGINT" : "TEXT";
    return { name: text.replace("#", ""), type, ...(isKey && { key: true }) };
  };
  return {
    name,
    changes,
    columns: [
      ...key.split(" ").map((text) => column(text, true)),
      ...others
        .split(" ")
        .filter((text) => text !== "")
        .map((text) => column(text, false)),
    ],
  };
}

/** Numbers are marked with #; amounts in minor units, moments in virtual milliseconds, card numbers nowhere, payment codes as digests. */
export const tables = {
  facts: table("facts", true, "name", "value"),
  entries: table("entries", false, "#id", "#moment kind reference"),
  legs: table("legs", false, "#entry #place", "account currency #amount"),
  transactions: table(
    "transactions",
    true,
    "name",
    "#number terminal merchant batch stan kind type #amount currency card #moment day time month response " +
      "authorisation reference cryptogram #entry #fee state #refunded withheld #hold_days touched touched_before",
  ),
  unseen: table("unseen", true, "name", ""),
  terminals: table("terminals", true, "terminal", "#batch"),
  cards: table("cards", true, "card", "status #pin_tries_left"),
  funds: table(
    "funds",
    true,
    "terminal batch part",
    "merchant plan #number state #count #amount #fee #settled expected #due_at reason #hold_days",
  ),
  codes: table("codes", true, "name", "account #moment #used"),
  orders: table(
    "orders",
    true,
    "name",
    "number terminal merchant batch stan #amount currency #moment day #announced account state waiting_for #tries",
  ),
  shop_payments: table(
    "shop_payments",
    true,
    "name",
    "#number terminal merchant account #amount #moment day time authorisation reference claimed",
  ),
  backups: table("backups", true, "terminal #batch #stan", "#number #sequence #state payload"),
} as const satisfies Record<string, Table>;

/** A value of a column. */
export type Value = string | number | null;

/** A row: its values in the order of the columns. */
export type Row = readonly Value[];

/** Creates a table where there is none. */
export function createStatement({ name, columns }: Table): string {
  const list = columns.map((column) => `${quoted(column.name)} ${column.type}${column.key ? " NOT NULL" : ""}`);
  const keys = columns.filter(({ key }) => key).map((column) => quoted(column.name));
  return `CREATE TABLE IF NOT EXISTS ${name} (${list.join(", ")}, PRIMARY KEY (${keys.join(", ")}))`;
}

/** Writes so many rows at once; what stands under a key already is replaced where the table says so. */
export function insertStatement({ name, columns, changes }: Table, rows: number): string {
  const names = columns.map((column) => quoted(column.name));
  const values = Array.from({ length: rows }, (_, row) => {
    const places = columns.map((_column, index) => `$${row * columns.length + index + 1}`);
    return `(${places.join(", ")})`;
  });
  const insert = `INSERT INTO ${name} (${names.join(", ")}) VALUES ${values.join(", ")}`;
  if (!changes) return insert;
  const keys = columns.filter(({ key }) => key).map((column) => quoted(column.name));
  const others = columns.filter(({ key }) => !key).map((column) => quoted(column.name));
  const update = others.map((column) => `${column} = excluded.${column}`).join(", ");
  return `${insert} ON CONFLICT (${keys.join(", ")}) DO ${update === "" ? "NOTHING" : `UPDATE SET ${update}`}`;
}

/** Reads a table in the order of its columns. */
export function selectStatement({ name, columns }: Table, order: string): string {
  return `SELECT ${columns.map((column) => quoted(column.name)).join(", ")} FROM ${name} ORDER BY ${order}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
