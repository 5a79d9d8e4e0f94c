/** Gives the open instance; throws after `close` (ECMA-419, 8). */
export function opened<Io>(io: Io | undefined): Io {
  if (io === undefined) throw new Error("closed");
  return io;
}
