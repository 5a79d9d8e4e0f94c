/** What may be shown of secrets: a card number first 6 / last 4, everything else nothing. */

/** Shown instead of a value that nobody may read. */
export const HIDDEN = "<hidden>";

/** `6228 48** **** 1117`: first six and last four digits, in groups of four; shorter than 11 digits shows none. */
export function maskPan(pan: string): string {
  const shown = [...pan].map((digit, index) =>
    pan.length >= 11 && (index < 6 || index >= pan.length - 4) ? digit : "*",
  );
  return shown.join("").replace(/(.{4})(?=.)/g, "$1 ");
}

/** A payment code: first two and last four characters; shorter than 12 shows none. */
export function maskCode(code: string): string {
  return [...code]
    .map((character, index) => (code.length >= 12 && (index < 2 || index >= code.length - 4) ? character : "*"))
    .join("");
}

/** Masks every run of 13 to 19 digits in a text, wherever it stands. */
export function maskPansIn(text: string): string {
  return text.replace(/\d{13,19}/g, (digits) => maskPan(digits));
}
