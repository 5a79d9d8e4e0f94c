/** The bytes of a serial line, for the board's end (line-pipe.ts), which waits where real IO calls back. */
export interface LinePort {
  /** What has come in, at most `limit` bytes; `undefined` when nothing came for so many milliseconds, or "gone" for ever. */
  read(limit: number, milliseconds: number): Uint8Array | undefined | "gone";
  /** Sends all; the caller may use the bytes again afterwards. */
  write(bytes: Uint8Array): void;
  /** Starts the board anew; never returns. */
  restart(): never;
}
