/** Books by address: a file, `:memory:`, or `postgres://...`. */
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";
import { BooksStore } from "./store.ts";

/** Opens the books. Throws `BooksError`. */
export async function openBooks(address: string): Promise<BooksStore> {
  const remote = /^postgres(ql)?:\/\//.test(address);
  return BooksStore.open(remote ? await openPostgres(address) : openSqlite(address));
}
