import { FormatError } from "../codec/errors.ts";
import { tapTags } from "./contactless/tap-tags.ts";
import type { SessionData } from "./data.ts";
import { isSameNumber } from "./oda/holder.ts";
import { tags } from "./tags.ts";

/**
 * Shortest and longest value of elements that decisions hang on, in bytes, and then the elements (EMV 4.3 Book 3, annex A;
 * contactless Book C-3, annex A).
 */
const lengths: readonly (readonly number[])[] = Object.freeze([
  [1, 1, tags.panSequenceNumber, tags.lowerOfflineLimit, tags.upperOfflineLimit],
  [
    2,
    2,
    tags.applicationInterchangeProfile,
    tags.issuerCountryCode,
    tags.applicationUsageControl,
    tags.cardApplicationVersion,
    tags.cardCurrencyCode,
    tags.cardTransactionQualifiers,
  ],
  [3, 3, tags.expirationDate, tags.effectiveDate],
  [5, 5, tags.issuerActionDefault, tags.issuerActionDenial, tags.issuerActionOnline],
  [1, 10, tags.primaryAccountNumber],
  [1, 19, tags.track2Equivalent],
  [5, 16, tapTags.cardAuthenticationData],
  [0, 252, tags.cardRiskManagementList1, tags.cardRiskManagementList2, tags.cardholderVerificationList],
]);

const dates: readonly number[] = [tags.expirationDate, tags.effectiveDate];

/**
 * A card, inserted or tapped, whose elements are not what they must be ends the session (Book 3, 7.5): wrong lengths, dates
 * and a sequence number that are none, and a track of another number than the card's. Both are the cardholder's account (Book 3, annex A), and
 * where they differ host and receipt would each have their own. Throws `FormatError`.
 */
export function checkFormats(data: SessionData): void {
  // By places: an engine takes an array apart by its iterator.
  for (let row = 0; row < lengths.length; row++) {
    const elements = lengths[row]!;
    const shortest = elements[0]!;
    const longest = elements[1]!;
    for (let place = 2; place < elements.length; place++) {
      const tag = elements[place]!;
      const length = data.lengthFromCard(tag);
      if (length !== undefined && (length < shortest || length > longest)) {
        throw new FormatError("element", 0, `${shortest} to ${longest} bytes expected in ${tag.toString(16)}`);
      }
    }
  }
  for (const tag of dates) {
    const date = data.fromCard(tag);
    if (date !== undefined && !isDate(date)) {
      throw new FormatError("element", 0, `YYMMDD expected in ${tag.toString(16)}`);
    }
  }
  const sequence = data.fromCard(tags.panSequenceNumber)?.[0] ?? 0;
  if (!isPacked(sequence)) {
    throw new FormatError("element", 0, "two digits expected in 5f34");
  }
  const number = data.fromCard(tags.primaryAccountNumber);
  const track = data.fromCard(tags.track2Equivalent);
  if (number !== undefined && track !== undefined && !isSameNumber(number, track)) {
    throw new FormatError("element", 0, "the number of the track expected in 5a");
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
