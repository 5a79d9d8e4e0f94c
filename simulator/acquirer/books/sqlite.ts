/** The embedded engine: SQLite compiled to WebAssembly, in a file or in memory. */
import { existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";
import { isAlive } from "../../process-alive.ts";
import { BooksError, type SqlEngine } from "./engine.ts";
import type { Row } from "./tables.ts";

const MEMORY = ":memory:";

/**
 * One host a file: its process stands in `FILE.host`. The engine's own lock is a folder that outlives a killed process; it is
 * taken away when that process is gone.
 */
function claim(file: string): () => void {
  const owner = `${file}.host`;
  const pid = existsSync(owner) ? Number(readFileSync(owner, "utf8")) : 0;
  if (pid > 0 && pid !== process.pid && isAlive(pid)) throw new BooksError(`${file} is in use by process ${pid}`);
  if (existsSync(`${file}.lock`)) rmdirSync(`${file}.lock`);
  writeFileSync(owner, String(process.pid));
  return () => rmSync(owner, { force: true });
}

/** Opens a file, or `:memory:`. Throws `BooksError`. */
export function openSqlite(file: string): SqlEngine {
  const release = file === MEMORY ? () => {} : claim(file);
  const database = new sqlite.Database(file);
  const statements = new Map<string, ReturnType<typeof database.prepare>>();
  const prepared = (text: string) => {
    const known = statements.get(text);
    if (known) return known;
    const statement = database.prepare(text.replace(/\$(\d+)/g, "?$1"));
    statements.set(text, statement);
    return statement;
  };
  const asked = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new BooksError(`${file}: ${(error as Error).message}`);
    }
  };
  asked(() => {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = TRUNCATE");
    database.exec("PRAGMA synchronous = FULL");
  });
  return {
    name: `SQLite ${file}`,
    run: (text, values: Row = []) => asked(() => void prepared(text).run([...values])),
    all: async (text, values: Row = []) => asked(() => prepared(text).all([...values])),
    close: () => {
      for (const statement of statements.values()) statement.finalize();
      database.close();
      release();
    },
  };
}
