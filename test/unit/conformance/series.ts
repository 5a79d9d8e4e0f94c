import { test } from "uvu";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tags } from "../../../firmware/emv/tags.ts";

/** What every case has: the book's requirement, and what it means here. */
export interface Case {
  /** Book and section, as "Book 3, 10.4.2". */
  readonly requirement: string;
  readonly what: string;
}

/** Makes a numbered test of every case: "RES-014 Book 3, 10.4.2: …". New cases go to the end, so that numbers stay. */
export function numbered<Row extends Case>(
  prefix: string,
  cases: readonly Row[],
  check: (row: Row) => void | Promise<void>,
): void {
  cases.forEach((row, i) => {
    test(`${prefix}-${String(i + 1).padStart(3, "0")} ${row.requirement}: ${row.what}`, () => check(row));
  });
}

/** An element: tag and value in hexadecimal. */
export type Element = readonly [tag: number, value: string];

/** A session of the terminal's elements and the card's. */
export function sessionOf(terminal: readonly Element[], card: readonly Element[]): SessionData {
  const data = new SessionData(terminal.map(([tag, value]) => [tag, hexToBytes(value)] as const));
  for (const [tag, value] of card) {
    data.setFromCard(tag, hexToBytes(value));
  }
  return data;
}

/** Hexadecimal of an element, "" when it is missing. */
export function hexOf(data: SessionData, tag: number): string {
  const value = data.get(tag);
  return value === undefined ? "" : bytesToHex(value);
}

/** TVR and TSI of a session: "0000000000 0000". */
export function bitsOf(data: SessionData): string {
  return `${hexOf(data, tags.terminalVerificationResults)} ${hexOf(data, tags.transactionStatusInformation)}`;
}

/** What an action comes to: its value, or the problem of the `CardError` or the name of the `FormatError` it throws. */
export async function outcomeOf<Value>(action: () => Value | Promise<Value>): Promise<Value | string> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof CardError) {
      return error.problem;
    }
    if (error instanceof Error && error.name === "FormatError") {
      return error.name;
    }
    throw error;
  }
}
