import { crc32 } from "#native/digest";
import { bytesToLatin1, utf8ToBytes } from "../codec/text.ts";
import type { TransactionChanges, TransactionDetails, TransactionType } from "./types.ts";

/**
 * The first bytes of a transaction's payload: what searches and totals look at, so that they need not read the rest.
 * README.md has the layout.
 */
export interface Summary {
  readonly type: TransactionType;
  readonly batch: number;
  /** Minor units. */
  readonly amount: number;
  /** The first four letters of the card scheme; empty where it is not known. */
  readonly scheme: string;
  /** `fingerprint` of the reference number and of the authorisation code. */
  readonly reference: number;
  readonly authorisation: number;
  /** True when an earlier record of the transaction stands in the history. */
  readonly isLater: boolean;
}

export const summaryLength = 24;
const laterBit = 1;
const schemeLength = 4;
/** Where the offset stands of the record in the history that a record there replaces. */
export const replacesOffset = 20;
/** No record is replaced. */
export const nothing = 0xffffffff;

/** Types by their numbers in flash; a number is never given to another type. */
const typeNumbers: Readonly<Record<TransactionType, number>> = Object.freeze({
  sale: 1,
  voidSale: 2,
  refund: 3,
  preAuthorisation: 4,
  voidPreAuthorisation: 5,
  completion: 6,
  voidCompletion: 7,
  completionAdvice: 8,
  offlineSale: 9,
  adjustment: 10,
  tip: 11,
});

const typesByNumber: readonly (TransactionType | undefined)[] = Object.freeze(
  (Object.keys(typeNumbers) as TransactionType[]).reduce<(TransactionType | undefined)[]>((byNumber, type) => {
    byNumber[typeNumbers[type]] = type;
    return byNumber;
  }, []),
);

/** 16 bits that tell most texts from each other; 0 for none. */
export function fingerprint(text: string | undefined): number {
  return text === undefined ? 0 : crc32(utf8ToBytes(text)) & 0xffff || 1;
}

/** Writes the summary of a transaction to the beginning of `bytes`. Throws `RangeError` for a type that has no number. */
export function writeSummary(
  bytes: Uint8Array,
  details: TransactionDetails & TransactionChanges,
  isLater: boolean,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, summaryLength);
  const type = typeNumbers[details.type];
  if (type === undefined) throw new RangeError("a type without a number");
  bytes[0] = type;
  bytes[1] = isLater ? laterBit : 0;
  view.setUint16(2, fingerprint(details.referenceNumber), true);
  view.setUint16(4, fingerprint(details.authorisationCode), true);
  view.setUint16(6, Math.floor(details.amount / 0x100000000), true);
  view.setUint32(8, details.amount % 0x100000000, true);
  view.setUint32(12, details.batch, true);
  bytes.set(utf8ToBytes(details.scheme ?? "").subarray(0, schemeLength), 16);
  view.setUint32(replacesOffset, nothing, true);
}

/** From the beginning of a payload; undefined where it is none, or of a type that has no number here. */
export function readSummary(payload: Uint8Array): Summary | undefined {
  if (payload.length < summaryLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, summaryLength);
  const type = typesByNumber[payload[0]!];
  if (type === undefined) return undefined;
  const end = payload.indexOf(0, 16);
  return {
    type,
    batch: view.getUint32(12, true),
    amount: view.getUint16(6, true) * 0x100000000 + view.getUint32(8, true),
    scheme: bytesToLatin1(payload.subarray(16, end < 16 || end > 16 + schemeLength ? 16 + schemeLength : end)),
    reference: view.getUint16(2, true),
    authorisation: view.getUint16(4, true),
    isLater: (payload[1]! & laterBit) !== 0,
  };
}
