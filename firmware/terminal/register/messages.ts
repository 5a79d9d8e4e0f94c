import { FormatError } from "../../codec/errors.ts";
import type { KeyFault } from "../../vault/provision.ts";

/** Longest line that is read, without its end, in bytes. */
export const longestLine = 512;
/** The largest total of an order, minor units. */
const largestTotal = 999_999_999_999;

/** What a cash register asks. */
export type RegisterRequest =
  | { readonly type: "order"; readonly id: string; readonly total: number; readonly text?: string }
  | { readonly type: "cancel" | "query"; readonly id: string }
  /** A key under the transport key (vault/key-block.ts), for a terminal whose supervisor waits for it. */
  | { readonly type: "keyBlock"; readonly block: string; readonly id?: undefined };

/** How an order stands. `unknown`: the terminal has no such order. */
export type OrderStatus =
  | "waiting"
  | "paying"
  | "approved"
  | "declined"
  | "cancelled"
  | "mismatch"
  | "reversed"
  | "doubt"
  | "unknown";

/** What the terminal says, a line each. */
export type RegisterAnswer =
  | {
      readonly type: "progress" | "result";
      readonly id: string;
      readonly status: OrderStatus;
      /** Minor units. */
      readonly amount?: number;
      /** Six digits. */
      readonly voucher?: string;
      readonly authorisationCode?: string;
      readonly responseCode?: string;
    }
  | {
      readonly type: "keyBlock";
      readonly status: "loaded" | "refused";
      /** `closed`: nobody waits for one. */
      readonly reason?: KeyFault | "closed";
      /** Hexadecimal. */
      readonly checkValue?: string;
    }
  | {
      readonly type: "error";
      /**
       * `taken` and `second` are of a line on the network: another register is, or wants to be, connected. `locked`: no
       * operator is signed on, the order is to be sent again. `mac`: the line was not said by a register that shares our key.
       */
      readonly reason: "line" | "busy" | "taken" | "second" | "locked" | "mac";
      readonly field?: string;
    };

/**
 * Reads one line of a cash register: one JSON object without anything nested in it (RFC 8259). Throws `FormatError`
 * naming the first field that is missing, unknown or wrong.
 */
export function readRequest(line: string): RegisterRequest {
  const value = flatObject(line);
  const { type, id } = value;
  if (type === "keyBlock") return readKeyBlock(value);
  if (type !== "order" && type !== "cancel" && type !== "query") throw wrong("type");
  if (typeof id !== "string" || !/^[0-9A-Za-z._-]{1,32}$/.test(id)) throw wrong("id");
  if (type !== "order") {
    refuseOthers(value, ["type", "id"]);
    return { type, id };
  }
  refuseOthers(value, ["type", "id", "total", "text"]);
  const { total, text } = value;
  if (typeof total !== "number" || !Number.isSafeInteger(total) || total < 1 || total > largestTotal) {
    throw wrong("total");
  }
  if (text === undefined) return { type, id, total };
  if (typeof text !== "string" || text.length < 1 || text.length > 60 || !isPlain(text)) throw wrong("text");
  return { type, id, total, text };
}

function readKeyBlock(value: { readonly [name: string]: unknown }): RegisterRequest {
  refuseOthers(value, ["type", "block"]);
  const { block } = value;
  if (typeof block !== "string" || !/^[ -~]{16,480}$/.test(block)) throw wrong("block");
  return { type: "keyBlock", block };
}

/** An answer as it goes onto the line, with its end. */
export function answerLine(answer: RegisterAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** No control characters: they have no glyphs. */
function isPlain(text: string): boolean {
  return [...text].every((character) => character >= " " && character !== "\u007f");
}

function refuseOthers(value: object, known: readonly string[]): void {
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other !== undefined) throw wrong("unknown field");
}

/** Nothing nested ever reaches the parser, which is not bounded in depth. */
function flatObject(line: string): { readonly [name: string]: unknown } {
  let isText = false;
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (isText) {
      if (character === "\\") at++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === "[") throw wrong("line");
    else if (character === "{" && ++depth > 1) throw wrong("line");
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong("line");
  }
  if (typeof value !== "object" || value === null || depth !== 1) throw wrong("line");
  return value as { readonly [name: string]: unknown };
}

function wrong(field: string): FormatError {
  return new FormatError(field, 0, "not what the cash register's protocol says");
}
