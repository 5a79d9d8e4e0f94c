/** Any engine that speaks PostgreSQL's protocol, over one connection. */
import pg from "pg";
import { BooksError, type SqlEngine } from "./engine.ts";
import type { Row } from "./tables.ts";

/** Number that one host holds as an advisory lock: two hosts on one database would not know of each other. */
const LOCK = 8583;

/** What went wrong, without the connection's address, which may carry a password. */
function reason(error: unknown): BooksError {
  const { code, message } = error as { code?: string; message: string };
  return new BooksError(`PostgreSQL: ${code ?? ""} ${message}`.trim());
}

/** Connects by address (`postgres://user@host:port/database`, or with `?host=` a socket's folder). Throws `BooksError`. */
export async function openPostgres(address: string): Promise<SqlEngine> {
  const client = new pg.Client({ connectionString: address });
  // A connection that breaks shows in the statement that fails; without a listener it would end the process.
  client.on("error", () => {});
  const names = new Map<string, string>();
  const query = async (text: string, values: Row) => {
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    try {
      return await client.query<Record<string, unknown>>({ name, text, values: [...values] });
    } catch (error) {
      throw reason(error);
    }
  };
  try {
    await client.connect();
  } catch (error) {
    throw reason(error);
  }
  const { rows } = await query("SELECT pg_try_advisory_lock($1) AS free", [LOCK]);
  if (rows[0]?.free !== true) {
    await client.end();
    throw new BooksError("PostgreSQL: another host keeps its books in this database");
  }
  return {
    name: "PostgreSQL",
    run: async (text, values = []) => void (await query(text, values)),
    all: async (text, values = []) => (await query(text, values)).rows,
    close: () => client.end(),
  };
}
