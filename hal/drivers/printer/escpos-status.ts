import type { PrinterState } from "../../printer.ts";

/** What a printer sends, told apart by the fixed bits of its first byte (ESC/POS, "identification of transmission status"). */
export type PrinterMessage =
  /** Automatic status back, four bytes. */
  | { readonly kind: "state"; readonly state: PrinterState }
  /** The answer to a DLE EOT; which one only the order says. */
  | { readonly kind: "realTime"; readonly byte: number }
  /** The answer to a GS r. */
  | { readonly kind: "reply"; readonly byte: number }
  /** The buffers have been cleared (DLE DC4, function 8). */
  | { readonly kind: "cleared" };

const IDENTIFICATION = 0x93;
const AUTOMATIC = 0x10;
const REAL_TIME = 0x12;
/** Bits that are 0 in every byte but the first of a group and in replies to GS r. */
const FOLLOWING = 0x90;
const CLEAR_HEADER = 0x37;
const CLEAR_IDENTIFIER = 0x25;
const XON = 0x11;
const XOFF = 0x13;

/** Cuts the printer's byte stream into messages; noise is skipped. */
export class StatusParser {
  #group: number[] = [];

  /** The message that this byte completes. */
  next(byte: number): PrinterMessage | undefined {
    if (byte === XON || byte === XOFF) return undefined;
    if (this.#group.length > 0 && (byte & FOLLOWING) === 0) {
      this.#group.push(byte);
      return this.#complete();
    }
    this.#group = [];
    if (byte === CLEAR_HEADER || (byte & IDENTIFICATION) === AUTOMATIC) {
      this.#group.push(byte);
      return undefined;
    }
    if ((byte & IDENTIFICATION) === REAL_TIME) return { kind: "realTime", byte };
    if ((byte & FOLLOWING) === 0) return { kind: "reply", byte };
    return undefined;
  }

  #complete(): PrinterMessage | undefined {
    const [first = 0, second = 0, third = 0] = this.#group;
    const header = first === CLEAR_HEADER;
    if (this.#group.length < (header ? 3 : 4)) return undefined;
    this.#group = [];
    if (header) return second === CLEAR_IDENTIFIER ? { kind: "cleared" } : undefined;
    const state: PrinterState = {
      online: (first & 0x08) === 0,
      cover: (first & 0x20) === 0 ? "closed" : "open",
      head: (second & 0x40) === 0 ? "normal" : "hot",
      paper: (third & 0x0c) !== 0 ? "out" : (third & 0x03) !== 0 ? "low" : "present",
    };
    return { kind: "state", state };
  }
}

/** The state that the answers to DLE EOT 1, 2, 3 and 4 tell. */
export function realTimeState(answers: readonly number[]): PrinterState {
  const [printer = 0, offline = 0, error = 0, paper = 0] = answers;
  return {
    online: (printer & 0x08) === 0,
    cover: (offline & 0x04) === 0 ? "closed" : "open",
    head: (error & 0x40) === 0 ? "normal" : "hot",
    paper: (paper & 0x60) !== 0 ? "out" : (paper & 0x0c) !== 0 ? "low" : "present",
  };
}

export function sameState(a: PrinterState, b: PrinterState): boolean {
  return a.online === b.online && a.cover === b.cover && a.head === b.head && a.paper === b.paper;
}
