/** What the rules work with: books, security module, calendar, terminals; and the state the host keeps of a terminal. */
import type { CardAccount } from "../accounts.ts";
import { Book } from "../book.ts";
import type { RandomBytes } from "../bytes.ts";
import type { Hsm } from "../hsm.ts";
import type { Fields } from "../iso8583/codec.ts";
import type { Ledger } from "../ledger.ts";
import type { TerminalEntry } from "../terminals.ts";
import type { HostCalendar } from "../time.ts";

/** A terminal and its open batch. */
export interface TerminalState {
  readonly entry: TerminalEntry;
  batch: number;
}

/** The acquirer's and the issuer's side in one place. */
export class Bank {
  readonly ledger: Ledger;
  readonly hsm: Hsm;
  readonly calendar: HostCalendar;
  readonly book = new Book();
  readonly #accounts: ReadonlyMap<string, CardAccount>;
  readonly #terminals: ReadonlyMap<string, TerminalState>;
  readonly #random: RandomBytes;
  #references = 0;

  constructor(parts: {
    readonly ledger: Ledger;
    readonly hsm: Hsm;
    readonly calendar: HostCalendar;
    readonly random: RandomBytes;
    readonly accounts: readonly CardAccount[];
    readonly terminals: readonly TerminalEntry[];
  }) {
    this.ledger = parts.ledger;
    this.hsm = parts.hsm;
    this.calendar = parts.calendar;
    this.#random = parts.random;
    this.#accounts = new Map(parts.accounts.map((account) => [account.pan, account]));
    this.#terminals = new Map(parts.terminals.map((entry) => [entry.terminal, { entry, batch: 1 }]));
    for (const entry of parts.terminals) this.hsm.loadMasterKey(entry.terminal, entry.masterKey);
    for (const { name, currency, opening } of parts.accounts) this.ledger.open(name, currency, opening);
  }

  account(pan: string): CardAccount | undefined {
    return this.#accounts.get(pan);
  }

  accounts(): CardAccount[] {
    return [...this.#accounts.values()];
  }

  terminal(id: string): TerminalState | undefined {
    return this.#terminals.get(id);
  }

  terminals(): TerminalState[] {
    return [...this.#terminals.values()];
  }

  /** Field 37: month, day, hour and a running number. */
  nextReference(): string {
    const { day, time } = this.calendar.now();
    this.#references += 1;
    return day + time.slice(0, 2) + String(this.#references).padStart(6, "0");
  }

  /** What every answer says of time, acquirer and itself: fields 12, 13, 32 and 37. */
  stamp(reference = this.nextReference()): AnswerFields {
    const { day, time } = this.calendar.now();
    return { 12: time, 13: day, 32: ACQUIRER, 37: reference };
  }

  /** Field 38: six digits. */
  nextAuthorisationCode(): string {
    const bytes = this.#random.bytes(4);
    const number = Buffer.from(bytes).readUInt32BE() % 999_999;
    return String(number + 1).padStart(6, "0");
  }
}

/** An answer's fields over those every answer repeats; undefined ones are left out. */
export type AnswerFields = Fields;

/** Six digits of a batch number. */
export function batchText(batch: number): string {
  return String(batch).padStart(6, "0");
}

/** Field 60 in its parts; missing parts are empty. */
export function readField60(fields: Fields): { readonly type: string; readonly batch: string; readonly code: string } {
  const text = fields[60] ?? "";
  return { type: text.slice(0, 2), batch: text.slice(2, 8), code: text.slice(8, 11) };
}

/** Identification of the acquiring institution, field 32. */
export const ACQUIRER = "48020000";

/** ISO 4217 numbers of the currencies a terminal may use. */
export const currencies: Readonly<Record<string, string>> = { "156": "CNY" };
