import type { EntryMode } from "../../journal/types.ts";

/** Field 22 without its last digit, which says whether a PIN is there. */
const entryModes: Readonly<Record<EntryMode, string>> = Object.freeze({
  manual: "01",
  magstripe: "02",
  chip: "05",
  contactless: "07",
  fallback: "80",
  code: "03",
});

/** Field 22: how the card was read, and 1 with a PIN, 2 without. */
export function entryModeField(mode: EntryMode, pinEntered: boolean): string {
  return entryModes[mode] + (pinEntered ? "1" : "2");
}

/** Field 60.4: the terminal reads stripes, chips and contactless cards. */
const readerCapability = "6";

/** Field 60.5: `2` says that the stripe was read because the chip could not be. */
const chipConditions: Readonly<Record<EntryMode, string>> = Object.freeze({
  manual: "0",
  magstripe: "0",
  chip: "0",
  contactless: "0",
  fallback: "2",
  code: "0",
});

/** Field 60.6: an approval of a part of the amount is not accepted, and the answer need not tell the balance. */
const partialApproval = "0";

/** Field 60 of a message about a card: 60.1 to 60.6, of 2, 6, 3, 1, 1 and 1 digits. */
export function transactionField60(type: string, batch: number, networkCode: string, mode: EntryMode): string {
  return managementField60(type, batch, networkCode) + readerCapability + chipConditions[mode] + partialApproval;
}

/** Field 60 of sign-in, sign-out and echo: 60.1 to 60.3. */
export function managementField60(type: string, batch: number, networkCode: string): string {
  return type + sixDigits(batch) + networkCode;
}

/** Field 61: batch, STAN and date (MMDD) of the original. */
export function originalField61(batch: number, stan: number, monthDay: string): string {
  return sixDigits(batch) + sixDigits(stan) + monthDay;
}

/**
 * Month and day (MMDD) of a moment where the terminal stands.
 * @param wall milliseconds since 1970-01-01T00:00:00Z
 * @param utcOffsetMinutes local time minus UTC
 */
export function monthDay(wall: number, utcOffsetMinutes: number): string {
  const moment = new Date(wall + utcOffsetMinutes * 60_000);
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  return twoDigits(moment.getUTCMonth() + 1) + twoDigits(moment.getUTCDate());
}

/** Field 26: a PIN of up to twelve digits can be entered. */
export const pinCapture = "12";

/** Field 53: the PIN block is bound to the PAN (2), its key is of double length (6), the tracks are in clear. */
export const securityControl = "2600000000000000";

/** Field 39 of an approval. Anything else with a right MAC is a decline. */
export const approvals: readonly string[] = Object.freeze(["00"]);

/** Field 39 of a payment by code that the customer has still to confirm. */
export const inProgress = "09";

/** Field 39 that ends a reversal: done; the host does not do it for this kind. */
export const reversalsDone: readonly string[] = Object.freeze(["00", "12"]);

/**
 * Field 39 of a reversal that the host did not do: it has been done before, or the original is of another day and stands.
 * Only for an original of the same day is it certain that the money went back.
 */
export const reversedBefore = "25";

/**
 * Field 39 that says nothing about the money: issuer or switch not there (91), out of order (96), late (98), no answer in
 * time (68). A reversal that is answered so is repeated like one without an answer.
 */
export const comeBackLater: readonly string[] = Object.freeze(["68", "91", "96", "98"]);

/** Field 39 of a host that has had the same message before: what is told again has been taken then. */
export const takenBefore = "94";

/** Field 39 of a message with a field that is none; what the terminal itself says of a message that it cannot write. */
export const formatWrong = "30";

/** Field 39 of a host that finds the terminal's MAC wrong: it has not looked at the request. */
export const macRefused = "A0";

/** True where the host could not look at it, or says that it cannot tell now. */
export function saysNothing(responseCode: string | undefined): boolean {
  return responseCode === undefined || responseCode === macRefused || comeBackLater.includes(responseCode);
}

/** Field 39 of a host that has another batch open, or no session: it wants a new sign-in. */
export const signInAgain = "77";

/** Data elements of field 55 that a reversal repeats, where the request had them: 95, 9F10, 9F1E, 9F36, DF31. */
export const reversalChipTags: readonly number[] = Object.freeze([0x95, 0x9f10, 0x9f1e, 0x9f36, 0xdf31]);

/** ISO 4217 numbers by letters, of the currencies that a terminal may be set to. */
const currencies: Readonly<Record<string, string>> = Object.freeze({
  CNY: "156",
  HKD: "344",
  MOP: "446",
  TWD: "901",
  JPY: "392",
  KRW: "410",
  SGD: "702",
  THB: "764",
  EUR: "978",
  GBP: "826",
  USD: "840",
});

/** Field 49. Throws `RangeError` for a currency that the dialect does not know. */
export function currencyNumber(letters: string): string {
  const number = currencies[letters];
  if (number === undefined) throw new RangeError("currency not in this dialect");
  return number;
}

/** Field 11. */
export function sixDigits(value: number): string {
  return String(value).padStart(6, "0");
}

/** Field 4. */
export function twelveDigits(amount: number): string {
  return String(amount).padStart(12, "0");
}
