/** A financial request as the rules see it: the message's fields, read and joined with what the bank knows. */

import { UNKNOWN_TO_PHONE } from "../../cards/phone/consumer-code.ts";
import type { Account, CardAccount } from "../accounts.ts";
import { recordKey, type TransactionRecord } from "../book.ts";
import { hex } from "../bytes.ts";
import type { Fields } from "../iso8583/codec.ts";
import { type ChipData, readChipData } from "../issuer/answer.ts";
import { type CodeData, readCodeData } from "../wallet/field59.ts";
import { type Bank, currencies, readField60, type TerminalState } from "./bank.ts";
import { findKind, type Kind, type KindName } from "./kinds.ts";

/** How the card was read, by the first two digits of field 22. */
export type EntryMode = "manual" | "stripe" | "code" | "chip" | "contactless" | "fallback" | "unknown";

const entryModes: Record<string, EntryMode> = {
  "01": "manual",
  "02": "stripe",
  "03": "code",
  "05": "chip",
  "07": "contactless",
  "80": "fallback",
  "90": "stripe",
};

/** Everything a check may look at. `amount` is undefined where field 4 is missing. */
export interface FinancialRequest {
  readonly bank: Bank;
  readonly terminal: TerminalState;
  readonly fields: Fields;
  readonly kind: Kind | undefined;
  readonly key: string;
  readonly stan: string;
  readonly batch: string;
  readonly amount: number | undefined;
  readonly currency: string | undefined;
  readonly entry: EntryMode;
  /** Card numbers found in fields 2, 35 and 55. */
  readonly pans: readonly string[];
  readonly account: CardAccount | undefined;
  /** No card: a customer's code, or what became of one. */
  readonly byCode: boolean;
  /** Field 59; undefined where it is missing or does not read. */
  readonly code: CodeData | undefined;
  /** Whose money it is about: the card's account, the wallet's of the code, or of the payment by code that is named. */
  readonly payer: Account | undefined;
  /** YYMM, from field 14 or the track. */
  readonly expiry: string | undefined;
  readonly chip: ChipData | undefined;
  /** What the chip's cryptogram covers: a phone that showed its card's code did not know the terminal. */
  readonly signed: ChipData | undefined;
  readonly original: TransactionRecord | undefined;
}

/** Number and expiry of track 2 data, whose separator is D. */
function readTrack2(track: string | undefined): { readonly pan: string; readonly expiry: string } | undefined {
  const match = track === undefined ? undefined : /^(\d{13,19})D(\d{4})/.exec(track);
  return match ? { pan: match[1]!, expiry: match[2]! } : undefined;
}

function panOfChip(chip: ChipData | undefined): string[] {
  const pan = chip?.get("5A");
  const track = readTrack2(chip?.has("57") ? hex(chip.get("57")!) : undefined);
  const own = pan && hex(pan).replace(/F+$/, "");
  return [...(own && /^\d{13,19}$/.test(own) ? [own] : []), ...(track ? [track.pan] : [])];
}

/** A payment of the same shop by its reference number: a refund may come from another terminal, and batches later. */
function findByReference(
  bank: Bank,
  terminal: TerminalState,
  wanted: readonly KindName[],
  account: CardAccount,
  reference: string | undefined,
): TransactionRecord | undefined {
  for (const record of bank.book.ofAccount(account)) {
    const fits = wanted.includes(record.kind) && record.merchant === terminal.entry.merchant;
    if (fits && record.reference === reference) return record;
  }
  return undefined;
}

/**
 * The transaction that this one changes: by field 61, for pre-authorisations by authorisation code (38), for refunds by
 * reference number (37) or, of a payment by code, by its order number (59).
 */
function findOriginal(
  bank: Bank,
  terminal: TerminalState,
  fields: Fields,
  kind: Kind | undefined,
  account: CardAccount | undefined,
  code: CodeData | undefined,
): TransactionRecord | undefined {
  if (!kind?.original) return undefined;
  const wanted = kind.original;
  const named = /^(\d{6})(\d{6})/.exec(fields[61] ?? "");
  const byName = named && bank.book.find(recordKey(terminal.entry.terminal, named[1]!, named[2]!));
  if (byName && wanted.includes(byName.kind)) return byName;
  if (code?.order !== undefined) {
    const order = bank.orders.numbered(code.order);
    return order?.merchant === terminal.entry.merchant ? bank.book.find(order.key) : undefined;
  }
  if (kind.effect === "credit" && account) return findByReference(bank, terminal, wanted, account, fields[37]);
  const authorisation = fields[38];
  if (!wanted.includes("preAuthorisation") || !authorisation || !account) return undefined;
  for (const record of bank.book.ofAccount(account)) {
    const fits = record.kind === "preAuthorisation" && record.merchant === terminal.entry.merchant;
    if (fits && record.authorisationCode === authorisation) return record;
  }
  return undefined;
}

function withoutTerminal(chip: ChipData): ChipData {
  const unknown = Object.entries(UNKNOWN_TO_PHONE).map(([tag, length]) => [tag, new Uint8Array(length)] as const);
  return new Map([...chip, ...unknown]);
}

/** The wallet whose code was shown; of a void or refund, the one that the order, or else the payment, is of. */
function payerByCode(bank: Bank, code: CodeData | undefined, original: TransactionRecord | undefined) {
  if (code?.code !== undefined) return bank.codes.find(code.code)?.account;
  if (code?.order !== undefined) return bank.orders.numbered(code.order)?.account;
  return original && bank.orders.find(original.key)?.account;
}

/** Reads a financial message. Never throws: what is missing or odd is for the checks to find. */
export function readRequest(bank: Bank, terminal: TerminalState, mti: string, fields: Fields): FinancialRequest {
  const { type, batch } = readField60(fields);
  const kind = findKind(mti, fields[3] ?? "", fields[25] ?? "", type);
  const chip = fields[55] === undefined ? undefined : readChipData(fields[55]);
  const track = readTrack2(fields[35]);
  const pans = [fields[2], track?.pan, ...panOfChip(chip)].filter((pan) => pan !== undefined);
  const account = pans[0] === undefined ? undefined : bank.account(pans[0]);
  const stan = fields[11] ?? "";
  const entry = entryModes[(fields[22] ?? "").slice(0, 2)] ?? "unknown";
  const byCode = entry === "code" && pans.length === 0;
  const code = byCode && fields[59] !== undefined ? readCodeData(fields[59]) : undefined;
  const original = findOriginal(bank, terminal, fields, kind, account, code);
  return {
    bank,
    terminal,
    fields,
    kind,
    key: recordKey(terminal.entry.terminal, batch, stan),
    stan,
    batch,
    amount: fields[4] === undefined ? undefined : Number(fields[4]),
    currency: currencies[fields[49] ?? ""],
    entry,
    pans,
    account,
    byCode,
    code,
    payer: byCode ? payerByCode(bank, code, original) : account,
    expiry: fields[14] ?? track?.expiry,
    chip,
    signed: entry === "code" && chip ? withoutTerminal(chip) : chip,
    original,
  };
}
