import type { EntryMode } from "../../journal/types.ts";

/** Field 22 without its last digit, which says whether a PIN is there. */
const entryModes: Readonly<Record<EntryMode, string>> = Object.freeze({
  manual: "01",
  magstripe: "02",
  chip: "05",
  contactless: "07",
  fallback: "80",
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
});

/** Field 60 of a message about a card. */
export function transactionField60(type: string, batch: number, networkCode: string, mode: EntryMode): string {
  return managementField60(type, batch, networkCode) + readerCapability + chipConditions[mode];
}

/** Field 60 of sign-in, sign-out and echo. */
export function managementField60(type: string, batch: number, networkCode: string): string {
  return type + sixDigits(batch) + networkCode;
}

/** Field 61: batch and STAN of the original, and its date (MMDD) where the host has said it. */
export function originalField61(batch: number, stan: number, hostDate: string | undefined): string {
  return sixDigits(batch) + sixDigits(stan) + (hostDate ?? "");
}

/** Field 26: a PIN of up to twelve digits can be entered. */
export const pinCapture = "12";

/** Field 53: the PIN block is bound to the PAN (2), its key is of double length (6), the tracks are in clear. */
export const securityControl = "2600000000000000";

/** Field 39 of an approval. Anything else with a right MAC is a decline. */
export const approvals: readonly string[] = Object.freeze(["00"]);

/** Field 39 that ends a reversal: done; the host does not do it for this kind; there is nothing (more) to undo. */
export const reversalsDone: readonly string[] = Object.freeze(["00", "12", "25"]);

/** Field 39 of a host that finds the terminal's MAC wrong: it has not looked at the request. */
export const macRefused = "A0";

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
