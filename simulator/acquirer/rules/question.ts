/** A question of the private extension and what may come back. */
import type { Fields } from "../iso8583/codec.ts";
import type { Bank, TerminalState } from "./bank.ts";

/** Longest field 62, in bytes. */
export const MOST_PRIVATE = 999;

/** A question, read so far: field 62 as bytes, none where it is missing. */
export interface Question {
  readonly bank: Bank;
  readonly terminal: TerminalState;
  readonly fields: Fields;
  readonly data: Uint8Array;
}

/** Field 62 of the answer, or the response code that says why there is none. */
export type Reply = { readonly data?: Uint8Array } | { readonly code: string };

/** Field 62 does not read. */
export const malformed: Reply = { code: "30" };

/** A number of four bytes where there is nothing else. */
export function readNumber(data: Uint8Array): number | undefined {
  return data.length === 4 ? Buffer.from(data).readUInt32BE() : undefined;
}
