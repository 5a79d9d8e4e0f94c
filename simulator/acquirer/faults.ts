/** What a scenario may make the host do wrong, once, and how an answer is spoiled. */
import { concat, fromHex, hex } from "./bytes.ts";
import type { Fields } from "./iso8583/codec.ts";

/** What the next answer to a financial request, reversal or settlement gets wrong. Amounts in minor units. */
export interface Fault {
  /** Response code to give; other than 00 nothing is booked. */
  readonly respond?: string;
  /** The request is worked on, the answer never sent. */
  readonly silent?: boolean;
  readonly badMac?: boolean;
  readonly amount?: number;
  /** Field 38; empty leaves it out. */
  readonly authCode?: string;
  /** Number of a field that the answer leaves out. */
  readonly omit?: number;
  readonly wrongStan?: boolean;
  /** Bytes of the answer that are sent. */
  readonly truncate?: number;
  readonly oversize?: boolean;
  /** Field 49. */
  readonly currency?: string;
  /** Field 41. */
  readonly terminal?: string;
  /** Field 41 of another of the host's terminals. */
  readonly otherTerminal?: boolean;
  /** The request is worked on at once, the answer comes so many milliseconds later. */
  readonly late?: number;
  /** The request is worked on, and the answer before this one is sent again. */
  readonly replay?: boolean;
  /** The type of message that the fault waits for; without it any but network management and the private extension. */
  readonly to?: string;
  /** The host starts anew at once: session keys are gone, books are not. */
  readonly restart?: boolean;
}

/** Bytes added to an oversize answer. */
const OVERSIZE = 4000;

/** Field 64 is covered by `badMac`; these change fields before the MAC is made, so that the MAC is right. */
export function spoilFields(fields: Fields, fault: Fault): Fields {
  const changed: Partial<Record<number, string>> = { ...fields };
  if (fault.amount !== undefined) changed[4] = String(fault.amount).padStart(12, "0");
  if (fault.authCode !== undefined) changed[38] = fault.authCode === "" ? undefined : fault.authCode.padEnd(6);
  if (fault.wrongStan && fields[11] !== undefined) {
    changed[11] = String((Number(fields[11]) + 1) % 1_000_000).padStart(6, "0");
  }
  if (fault.currency !== undefined) changed[49] = fault.currency;
  if (fault.otherTerminal) changed[41] = otherTerminal(fields[41]);
  if (fault.terminal !== undefined) changed[41] = fault.terminal.padEnd(8).slice(0, 8);
  if (fault.omit !== undefined) changed[fault.omit] = undefined;
  return changed;
}

/** A terminal's neighbour: its number with another last digit. */
function otherTerminal(terminal = ""): string {
  return terminal.slice(0, 7).padEnd(7) + (terminal[7] === "9" ? "8" : "9");
}

/** Whether a fault is for a message of that type. */
export function strikes(fault: Fault, mti: string): boolean {
  return fault.to === undefined ? !mti.startsWith("08") && !mti.startsWith("060") : fault.to === mti;
}

/** A MAC with one bit of its eight characters changed. */
export function spoilMac(field64: string): string {
  const bytes = fromHex(field64);
  bytes[7]! ^= 0x01;
  return hex(bytes);
}

/** The finished answer cut or stretched. */
export function spoilBytes(bytes: Uint8Array, fault: Fault): Uint8Array {
  const cut = fault.truncate === undefined ? bytes : bytes.slice(0, fault.truncate);
  return fault.oversize ? concat(cut, new Uint8Array(OVERSIZE).fill(0x39)) : cut;
}
