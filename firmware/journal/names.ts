import { concat, holds } from "../codec/bytes.ts";
import { type CborMap, type CborValue, encodeCbor, isCborMap } from "../codec/cbor.ts";
import type { TransactionFilter } from "./types.ts";

/**
 * How a transaction's parts are called in flash: one or two characters instead of a word, which halves a record. A part
 * that is not here is kept under its whole name; a short name is never given to another part.
 */
const shortNames: Readonly<Record<string, string>> = Object.freeze({
  currency: "c",
  entryMode: "e",
  maskedPan: "m",
  panToken: "p",
  expiry: "x",
  panSequenceNumber: "n",
  original: "o",
  tip: "t",
  orderId: "i",
  startedAt: "s",
  operator: "u",
  pinEntered: "k",
  responseCode: "r",
  authorisationCode: "a",
  referenceNumber: "f",
  hostDate: "d",
  hostTime: "h",
  issuer: "j",
  acquirer: "q",
  reversalReason: "v",
  chipData: "b",
  chip: "y",
  scriptNotice: "z",
  verifiedBy: "w",
  signature: "g",
  printed: "l",
  scheme: "1",
  cleared: "2",
  order: "3",
  payer: "4",
  claim: "5",
});

/** The parts of `chip`. */
const shortChipNames: Readonly<Record<string, string>> = Object.freeze({
  aid: "a",
  applicationLabel: "l",
  terminalVerificationResults: "v",
  transactionStatusInformation: "s",
  applicationTransactionCounter: "c",
  cryptogram: "g",
  cryptogramType: "t",
});

/** Numbers that are looked for in whole blocks, because few records have them: a cash register's and a wallet's of an order. */
type Numbers = Pick<TransactionFilter, "orderId" | "order">;

/** True where one of them is looked for. */
export function isNumbered({ orderId, order }: Numbers): boolean {
  return orderId !== undefined || order !== undefined;
}

/** False where none of a block's records can have these numbers: nothing in it need be read. */
export function mayHold(block: Uint8Array, { orderId, order }: Numbers): boolean {
  return mayHoldOne(block, shortNames.orderId, orderId) && mayHoldOne(block, shortNames.order, order);
}

function mayHoldOne(block: Uint8Array, name: string | undefined, number: string | undefined): boolean {
  if (number === undefined) return true;
  return holds(block, concat([encodeCbor(name), encodeCbor(number)]), 1); // the name's letter is rare
}

const longNames = turned(shortNames);
const longChipNames = turned(shortChipNames);

function turned(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(Object.entries(names).map(([long, short]) => [short, long])));
}

/** Parts under their short names; what is undefined is left out. */
export function shortened(details: CborMap): CborMap {
  return renamed(details, shortNames, "chip", shortChipNames);
}

/** Parts under their own names again. */
export function lengthened(details: CborMap): CborMap {
  return renamed(details, longNames, shortNames.chip ?? "", longChipNames);
}

function renamed(
  details: CborMap,
  names: Readonly<Record<string, string>>,
  nested: string,
  nestedNames: Readonly<Record<string, string>>,
): CborMap {
  const result: Record<string, CborValue> = {};
  // By names: an engine makes an array for each pair of `Object.entries`, and takes it apart by its iterator.
  const parts = Object.keys(details);
  for (let place = 0; place < parts.length; place++) {
    const name = parts[place]!;
    const value = details[name];
    if (value === undefined) continue;
    result[nameIn(names, name)] = name === nested && isCborMap(value) ? renamedAll(value, nestedNames) : value;
  }
  return result;
}

function renamedAll(details: CborMap, names: Readonly<Record<string, string>>): CborMap {
  const result: Record<string, CborValue> = {};
  const parts = Object.keys(details);
  for (let place = 0; place < parts.length; place++) {
    const name = parts[place]!;
    result[nameIn(names, name)] = details[name];
  }
  return result;
}

function nameIn(names: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}
