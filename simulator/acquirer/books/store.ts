/** The books on an SQL engine: written in groups, one database transaction a group, and read back when the host starts. */
import type { Group } from "./changes.ts";
import { BooksError, numberOf, type SqlEngine, textOf } from "./engine.ts";
import { createStatement, insertStatement, type Row, type Table, tables } from "./tables.ts";

/** Rows of one statement; what is left over goes in smaller ones, so that few statements are ever prepared. */
const SIZES = [64, 16, 4, 1] as const;
const FORMAT = "1";

/** What the database says of the books as a whole. */
export interface BooksAudit {
  /** Sum of all legs by currency: zero. */
  readonly sums: Readonly<Record<string, number>>;
  /** Entries whose legs do not sum to zero. */
  readonly unbalanced: number;
  /** Approved transactions by kind. */
  readonly approved: Readonly<Record<string, { readonly count: number; readonly total: number }>>;
}

/** One set of books. */
export class BooksStore {
  readonly engine: SqlEngine;

  private constructor(engine: SqlEngine) {
    this.engine = engine;
  }

  /** Creates the tables where there are none. Throws `BooksError` for books of another format. */
  static async open(engine: SqlEngine): Promise<BooksStore> {
    const store = new BooksStore(engine);
    await store.#inTransaction(async () => {
      for (const table of Object.values(tables)) await engine.run(createStatement(table));
    });
    const format = await store.fact("format");
    if (format !== undefined && format !== FORMAT) throw new BooksError(`the books have format ${format}`);
    if (format === undefined) await store.setFact("format", FORMAT);
    return store;
  }

  /** A named fact of the books, such as when they were begun. */
  async fact(name: string): Promise<string | undefined> {
    const [row] = await this.engine.all("SELECT value FROM facts WHERE name = $1", [name]);
    return row && textOf(row.value);
  }

  async setFact(name: string, value: string): Promise<void> {
    await this.engine.run(insertStatement(tables.facts, 1), [name, value]);
  }

  /** Writes a group: all of it, or, when this throws, nothing. */
  async write(group: Group): Promise<void> {
    await this.#inTransaction(async () => {
      for (const { terminal, batch } of group.closed) {
        await this.engine.run("DELETE FROM backups WHERE terminal = $1 AND batch = $2", [terminal, batch]);
      }
      for (const [name, rows] of group.rows) await this.#insert(tables[name], rows);
    });
  }

  /** What the database itself makes of the books. */
  async audit(): Promise<BooksAudit> {
    const sums = await this.engine.all("SELECT currency, SUM(amount) AS total FROM legs GROUP BY currency");
    const unbalanced = await this.engine.all("SELECT entry FROM legs GROUP BY entry, currency HAVING SUM(amount) <> 0");
    const approved = await this.engine.all(
      "SELECT kind, COUNT(*) AS count, SUM(amount) AS total FROM transactions WHERE state = $1 GROUP BY kind",
      ["approved"],
    );
    return {
      sums: Object.fromEntries(sums.map((row) => [textOf(row.currency), numberOf(row.total)])),
      unbalanced: unbalanced.length,
      approved: Object.fromEntries(
        approved.map((row) => [textOf(row.kind), { count: numberOf(row.count), total: numberOf(row.total) }]),
      ),
    };
  }

  /** The balance of every account by `account currency`, as the database sums it. */
  async balances(): Promise<Record<string, number>> {
    const rows = await this.engine.all(
      "SELECT account, currency, SUM(amount) AS total FROM legs GROUP BY account, currency ORDER BY account, currency",
    );
    return Object.fromEntries(
      rows.map((row) => [`${textOf(row.account)} ${textOf(row.currency)}`, numberOf(row.total)]),
    );
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  async #insert(table: Table, rows: readonly Row[]): Promise<void> {
    let at = 0;
    for (const size of SIZES) {
      for (; rows.length - at >= size; at += size) {
        await this.engine.run(insertStatement(table, size), rows.slice(at, at + size).flat());
      }
    }
  }

  async #inTransaction(action: () => Promise<void>): Promise<void> {
    await this.engine.run("BEGIN");
    try {
      await action();
      await this.engine.run("COMMIT");
    } catch (error) {
      try {
        await this.engine.run("ROLLBACK");
      } catch {
        // the first error says what happened
      }
      throw error;
    }
  }
}
