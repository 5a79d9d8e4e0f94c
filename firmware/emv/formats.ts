import { FormatError } from "../codec/errors.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** Shortest and longest value of elements that decisions hang on, in bytes (EMV 4.3 Book 3, annex A). */
const lengths: readonly (readonly [tag: number, shortest: number, longest: number])[] = Object.freeze([
  [tags.primaryAccountNumber, 1, 10],
  [tags.track2Equivalent, 1, 19],
  [tags.expirationDate, 3, 3],
  [tags.effectiveDate, 3, 3],
  [tags.issuerCountryCode, 2, 2],
  [tags.panSequenceNumber, 1, 1],
  [tags.applicationUsageControl, 2, 2],
  [tags.cardApplicationVersion, 2, 2],
  [tags.issuerActionDefault, 5, 5],
  [tags.issuerActionDenial, 5, 5],
  [tags.issuerActionOnline, 5, 5],
  [tags.lowerOfflineLimit, 1, 1],
  [tags.upperOfflineLimit, 1, 1],
  [tags.cardCurrencyCode, 2, 2],
  [tags.cardRiskManagementList1, 0, 252],
  [tags.cardRiskManagementList2, 0, 252],
  [tags.cardholderVerificationList, 0, 252],
]);

const dates: readonly number[] = [tags.expirationDate, tags.effectiveDate];

/** A card whose elements are not what they must be ends the session (Book 3, 7.5). Throws `FormatError`. */
export function checkFormats(data: SessionData): void {
  for (const [tag, shortest, longest] of lengths) {
    const length = data.fromCard(tag)?.length;
    if (length !== undefined && (length < shortest || length > longest)) {
      throw new FormatError("element", 0, `${shortest} to ${longest} bytes expected in ${tag.toString(16)}`);
    }
  }
  for (const tag of dates) {
    const date = data.fromCard(tag);
    if (date !== undefined && !isDate(date)) {
      throw new FormatError("element", 0, `YYMMDD expected in ${tag.toString(16)}`);
    }
  }
}

/** Packed decimals YYMMDD with a month and a day that there could be. */
function isDate(date: Uint8Array): boolean {
  const [year, month, day] = date;
  return (
    isPacked(year!) && isPacked(month!) && isPacked(day!) && month! >= 1 && month! <= 0x12 && day! >= 1 && day! <= 0x31
  );
}

function isPacked(byte: number): boolean {
  return byte >> 4 <= 9 && (byte & 0x0f) <= 9;
}
