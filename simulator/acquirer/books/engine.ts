/** What the books need of an SQL engine: statements with `$1`, `$2`, ... for values; the statements are the same for all. */
import type { Row, Value } from "./tables.ts";

/** An open database, used by one host. */
export interface SqlEngine {
  readonly name: string;
  run(statement: string, values?: Row): Promise<void> | void;
  /** Rows in order, each by column name; numbers may come as text. */
  all(statement: string, values?: Row): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void> | void;
}

/** The books cannot be opened or written; the text is for people. */
export class BooksError extends Error {}

/** A column's value as text; empty for none. */
export function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** A column's value as a number. Throws `BooksError` for one that JavaScript cannot count exactly. */
export function numberOf(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new BooksError("a number of the books is none");
  return number;
}

/** A value that may be missing. */
export function optional<T extends Value>(value: T | undefined): T | null {
  return value ?? null;
}
