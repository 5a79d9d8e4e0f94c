import { concat, wipe } from "../codec/bytes.ts";
import type { FieldValue } from "../codec/iso8583.ts";
import { asciiToBytes } from "../codec/text.ts";
import type { Transaction } from "../journal/types.ts";
import { type AcquirerOptions, ask, isUnsendable, type Reply, textField } from "./conversation.ts";
import { chipUploads, type MessageKind, messageKinds, refusalUploads, uploadEnds } from "./dialect/transactions.ts";
import {
  approvals,
  entryModeField,
  monthDay,
  originalField61,
  saysNothing,
  sixDigits,
  twelveDigits,
} from "./dialect/values.ts";
import { batchMessage } from "./inquiry.ts";
import { isRefusal } from "./refusal.ts";
import { panOf } from "./reversal.ts";
import { domesticScheme, schemeOf } from "./scheme.ts";
import type { Side, Sides } from "./totals.ts";

/** What the host says of a batch's totals. */
export type SettlementOutcome =
  /** Its own sums, and whether both sides equal what was asked. */
  | { readonly kind: "compared"; readonly sides: Sides; readonly isEqual: boolean }
  | { readonly kind: "refused"; readonly responseCode: string }
  | { readonly kind: "noAnswer" };

/** What came of one message of a batch upload. `again`: the host has counted other records, the upload starts over. */
export type UploadOutcome =
  | { readonly kind: "taken" | "again" | "noAnswer" }
  | { readonly kind: "refused"; readonly responseCode: string };

/** The end of a batch as flows use it. Every call rejects with `MissingKeyError` when not signed in. */
export interface SettlementHost {
  /** 0500: compares the batch's totals. Nothing is closed by it. */
  compare(batch: number, sides: Sides): Promise<SettlementOutcome>;
  /** 0320 with 201: payments by stripe or by hand, `stripesAtOnce` at most. */
  uploadStripes(batch: number, transactions: readonly Transaction[]): Promise<UploadOutcome>;
  /**
   * 0320 with 203 or 205: one chip payment; with 204 or 206: one that the card refused and wants told. `nothing`: its card number went with the keys when the case was opened, and
   * without it there is nothing to show where the totals are equal; where they are not, it is told like a stripe's.
   */
  uploadChip(
    batch: number,
    transaction: Transaction,
    isEqual: boolean,
  ): Promise<UploadOutcome | { readonly kind: "nothing" }>;
  /** 0320 with 207 or 202: all records are there; the host closes the batch. */
  end(batch: number, records: number, isEqual: boolean): Promise<UploadOutcome>;
}

/** Records that field 48 of an upload holds. */
export const stripesAtOnce = 8;

/** Field 39 of a host that has counted other records than it was told. */
const otherCount = "95";

const { settlement, batchUpload } = messageKinds;

/** The end of a batch in UnionPay's dialect. */
export class UnionPaySettlement implements SettlementHost {
  readonly #context: AcquirerOptions;

  constructor(context: AcquirerOptions) {
    this.#context = context;
  }

  async compare(batch: number, sides: Sides): Promise<SettlementOutcome> {
    const reply = await this.#ask(settlement, batch, [[48, encodeSides(sides)]]);
    if (reply.kind !== "answer") return { kind: "noAnswer" };
    const responseCode = textField(reply.message, 39);
    if (responseCode === undefined || saysNothing(responseCode)) return { kind: "noAnswer" };
    if (!approvals.includes(responseCode)) return { kind: "refused", responseCode };
    const compared = decodeSides(textField(reply.message, 48) ?? "");
    return compared === undefined ? { kind: "noAnswer" } : { kind: "compared", ...compared };
  }

  async uploadStripes(batch: number, transactions: readonly Transaction[]): Promise<UploadOutcome> {
    const records = transactions.map((transaction) => this.#record(transaction));
    const field48 = concat([asciiToBytes(String(records.length).padStart(2, "0")), ...records]);
    records.forEach(wipe);
    const outcome = await this.#upload(batch, batchUpload.networkCode, [[48, field48]]);
    wipe(field48);
    return outcome;
  }

  async uploadChip(
    batch: number,
    transaction: Transaction,
    isEqual: boolean,
  ): Promise<UploadOutcome | { readonly kind: "nothing" }> {
    const { chipData, panSequenceNumber, stan, startedAt } = transaction;
    const date = transaction.hostDate ?? monthDay(startedAt, this.#context.parameters.utcOffsetMinutes);
    const pan = panOf(this.#context, transaction);
    const isRefused = isRefusal(transaction);
    const withoutChip = async (): Promise<UploadOutcome | { readonly kind: "nothing" }> =>
      isEqual || isRefused ? { kind: "nothing" } : this.uploadStripes(batch, [transaction]);
    if (pan === undefined) return withoutChip();
    const { reconciled, unreconciled } = isRefused ? refusalUploads : chipUploads;
    const optional: readonly (readonly [number, FieldValue | undefined])[] = [
      [2, pan],
      [23, panSequenceNumber],
      [55, chipData],
    ];
    const kind = { ...batchUpload, networkCode: isEqual ? reconciled : unreconciled };
    const reply = await this.#ask(kind, batch, [
      [4, twelveDigits(transaction.amount)],
      [22, entryModeField(transaction.entryMode, transaction.pinEntered === true)],
      [61, originalField61(transaction.batch, stan, date)],
      ...optional.filter((field): field is [number, FieldValue] => field[1] !== undefined),
    ]);
    wipe(pan);
    return isUnsendable(reply) ? withoutChip() : uploadOutcome(reply);
  }

  end(batch: number, records: number, isEqual: boolean): Promise<UploadOutcome> {
    const code = isEqual ? uploadEnds.reconciled : uploadEnds.unreconciled;
    return this.#upload(batch, code, [[48, String(records).padStart(4, "0")]]);
  }

  async #upload(
    batch: number,
    networkCode: string,
    fields: readonly (readonly [number, FieldValue])[],
  ): Promise<UploadOutcome> {
    return uploadOutcome(await this.#ask({ ...batchUpload, networkCode }, batch, fields));
  }

  async #ask(kind: MessageKind, batch: number, more: readonly (readonly [number, FieldValue])[]): Promise<Reply> {
    return ask(
      this.#context,
      batchMessage(this.#context.parameters, kind, batch, await this.#context.journal.nextStan(), more),
    );
  }

  /** 40 digits: whose card it is, STAN, number and amount. The caller wipes them. */
  #record(transaction: Transaction): Uint8Array {
    const whose = schemeOf(transaction) === domesticScheme ? "00" : "01";
    const record = asciiToBytes(
      whose + sixDigits(transaction.stan) + "0".repeat(panDigits) + twelveDigits(transaction.amount),
    );
    const pan = panOf(this.#context, transaction);
    if (pan !== undefined) {
      record.set(pan, panEnd - pan.length);
      wipe(pan);
    }
    return record;
  }
}

function uploadOutcome(reply: Reply): UploadOutcome {
  if (reply.kind !== "answer") return { kind: "noAnswer" };
  const responseCode = textField(reply.message, 39);
  if (responseCode === undefined || saysNothing(responseCode)) return { kind: "noAnswer" };
  if (responseCode === otherCount) return { kind: "again" };
  return approvals.includes(responseCode) ? { kind: "taken" } : { kind: "refused", responseCode };
}

const panDigits = 20;
/** Where a record's card number ends. */
const panEnd = 2 + 6 + panDigits;

/** Digits of one side: debits and credits (amount 12, count 3), then the host's verdict. */
const sideDigits = 31;
const equal = "1";
/** The largest count that a side can tell; more is told as this and does not compare. */
const mostCount = 999;

/** Field 48 of 0500, 62 digits; the verdicts are the host's to give. Throws `RangeError` for an amount of 13 digits. */
export function encodeSides({ domestic, foreign }: Sides): string {
  return [domestic, foreign].map((side) => `${encodeSide(side)}0`).join("");
}

function encodeSide({ debits, credits }: Side): string {
  return [debits, credits]
    .map(({ amount, count }) => {
      const digits = twelveDigits(amount);
      if (digits.length !== 12) throw new RangeError("a batch of more than 12 digits");
      return digits + String(Math.min(count, mostCount)).padStart(3, "0");
    })
    .join("");
}

/** Field 48 of 0510; undefined for anything but 62 digits. */
export function decodeSides(text: string): { readonly sides: Sides; readonly isEqual: boolean } | undefined {
  if (!/^\d{62}$/.test(text)) return undefined;
  const [first, second] = [text.slice(0, sideDigits), text.slice(sideDigits)];
  return {
    sides: { domestic: decodeSide(first), foreign: decodeSide(second) },
    isEqual: [first, second].every((side) => side.endsWith(equal)),
  };
}

function decodeSide(text: string): Side {
  const sum = (at: number) => ({
    amount: Number(text.slice(at, at + 12)),
    count: Number(text.slice(at + 12, at + 15)),
  });
  return { debits: sum(0), credits: sum(15) };
}
