import type { Money } from "./money.ts";
import type { Choice } from "./screens.ts";

/** Where the merchant's money is, as the host tells it. */
export type FundsState = "authorised" | "inBatch" | "processing" | "paidOut" | "held";
/** What a payment that has just been approved does to the merchant's money. */
export type MoneyPlace = "authorised" | "inBatch" | "toSend" | "takenOff" | "released";
/** When the host pays out: the same day, the day after, or the next day on which banks work. */
export type PayoutPlan = "T0" | "T1" | "nextWorkingDay";

/** Screens of the business day beside the payments: settlement, reports, history, the cash register. */
export type DayScreen =
  | {
      readonly id: "settlement";
      readonly stage: "confirm";
      readonly batch: string;
      readonly debitCount: number;
      readonly debits: Money;
      readonly creditCount: number;
      readonly credits: Money;
      /** How many payments are in dispute; absent: none. */
      readonly disputed?: number;
    }
  | { readonly id: "settlement"; readonly stage: "comparing"; readonly batch: string }
  /** `done` of `all` records are with the host. */
  | {
      readonly id: "settlement";
      readonly stage: "uploading";
      readonly batch: string;
      readonly done: number;
      readonly all: number;
    }
  /** The batch has to be settled before anything else: the journal is full, or a settlement was cut short. */
  | { readonly id: "settlement"; readonly stage: "due"; readonly reason: "full" | "unfinished" | "time" }
  | {
      readonly id: "settlement-result";
      readonly batch: string;
      /** Whether the host's totals were the terminal's. */
      readonly result: "equal" | "unequal";
      readonly debitCount: number;
      readonly debits: Money;
      readonly creditCount: number;
      readonly credits: Money;
      /** May be below zero. */
      readonly net: Money;
    }
  | {
      readonly id: "settlement-status";
      readonly state: FundsState;
      readonly count: number;
      readonly amount: Money;
      readonly fee?: Money;
      readonly net?: Money;
      /** "2026/11/24". */
      readonly expected?: string;
      readonly plan?: PayoutPlan;
      /** Why the money is held, in the host's words. */
      readonly reason?: string;
      /** Which of how many entries this is. */
      readonly place?: number;
      readonly places?: number;
      /** "2026/11/23 21:07": what the host said then; it cannot be asked now. */
      readonly asOf?: string;
      /** Nothing is known yet. */
      readonly empty?: boolean;
    }
  | { readonly id: "history"; readonly choices: readonly Choice[]; readonly selected: number }
  /** Totals by card scheme and type, a row each; without a heading of the day. */
  | {
      readonly id: "report";
      readonly heading?: string;
      readonly choices: readonly Choice[];
      readonly selected: number;
      /** There is nothing to print it on. */
      readonly paperless?: boolean;
    }
  /** What the cash register asks for; `text` says what it is for. */
  | { readonly id: "order-total"; readonly total: Money; readonly order: string; readonly text?: string }
  | { readonly id: "order-mismatch"; readonly ordered: Money; readonly amount: Money; readonly order: string };
