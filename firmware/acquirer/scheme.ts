import type { Transaction } from "../journal/types.ts";

/** Letters of UnionPay's own cards, as field 63 has them; every other scheme's are foreign to settlement. */
export const domesticScheme = "CUP";

/** First digits of card numbers (ISO/IEC 7812) and whose they are; the first row that fits counts. */
const ranges: readonly (readonly [first: string, last: string, scheme: string])[] = Object.freeze([
  ["62", "62", domesticScheme],
  ["81", "81", domesticScheme],
  ["4", "4", "VIS"],
  ["51", "55", "MCC"],
  ["2221", "2720", "MCC"],
  ["34", "34", "AEX"],
  ["37", "37", "AEX"],
  ["3528", "3589", "JCB"],
]);

/** The scheme of a number that no row has: cards of China's banks from before their common range. */
const otherwise = domesticScheme;

/** The letters of a transaction's card scheme: as the host named it, else by the first digits of the card's number. */
export function schemeOf({ scheme, maskedPan }: Pick<Transaction, "scheme" | "maskedPan">): string {
  if (scheme !== undefined) return scheme;
  const row = ranges.find(([first, last]) => {
    const digits = maskedPan?.slice(0, first.length) ?? "";
    return digits >= first && digits <= last;
  });
  return row?.[2] ?? otherwise;
}
