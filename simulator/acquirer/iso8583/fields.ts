/** The fields of the UnionPay terminal interface: how each is packed, what it is called, who may read it. */

/**
 * `digits`: packed BCD; `track`: packed hex digits, D for the separator; `text`: one byte a character; `binary`: bytes, given
 * as hex. `lengthDigits` 0 is a fixed length, 2 and 3 a BCD length in one or two bytes in front. Lengths count digits,
 * characters or bytes.
 */
export interface Field {
  readonly name: string;
  readonly kind: "digits" | "track" | "text" | "binary";
  readonly lengthDigits: 0 | 2 | 3;
  readonly length: number;
  /** How a log shows it: in clear, as a masked card number, with card data masked inside, with a payment code masked inside, or not at all. */
  readonly show: "clear" | "pan" | "chip" | "code" | "hidden";
}

type Row = readonly [number, string, Field["kind"], Field["lengthDigits"], number, Field["show"]?];

const rows: readonly Row[] = [
  [2, "Primary account number", "digits", 2, 19, "pan"],
  [3, "Processing code", "digits", 0, 6],
  [4, "Amount", "digits", 0, 12],
  [11, "System trace audit number", "digits", 0, 6],
  [12, "Local time", "digits", 0, 6],
  [13, "Local date", "digits", 0, 4],
  [14, "Expiry date", "digits", 0, 4, "hidden"],
  [15, "Settlement date", "digits", 0, 4],
  [22, "Point of service entry mode", "digits", 0, 3],
  [23, "Card sequence number", "digits", 0, 3],
  [25, "Point of service condition code", "digits", 0, 2],
  [26, "PIN capture code", "digits", 0, 2],
  [32, "Acquiring institution", "digits", 2, 11],
  [35, "Track 2 data", "track", 2, 37, "hidden"],
  [36, "Track 3 data", "track", 3, 104, "hidden"],
  [37, "Retrieval reference number", "text", 0, 12],
  [38, "Authorisation code", "text", 0, 6],
  [39, "Response code", "text", 0, 2],
  [41, "Terminal", "text", 0, 8],
  [42, "Merchant", "text", 0, 15],
  [44, "Issuer and acquirer", "text", 2, 25],
  [45, "Track 1 data", "text", 2, 79, "hidden"],
  [47, "Additional data, national", "binary", 3, 999],
  [48, "Additional data, totals", "digits", 3, 322],
  [49, "Currency", "text", 0, 3],
  [52, "PIN block", "binary", 0, 8, "hidden"],
  [53, "Security control information", "digits", 0, 16],
  [54, "Additional amounts", "text", 3, 20],
  [55, "Chip data", "binary", 3, 255, "chip"],
  [57, "Key serial number and PIN block, private", "binary", 3, 99, "hidden"],
  [58, "Electronic cash data", "text", 3, 100],
  [59, "Payment by code", "text", 3, 600, "code"],
  [60, "Transaction type, batch, network code", "digits", 3, 100],
  [61, "Original transaction", "digits", 3, 29],
  [62, "Private data", "binary", 3, 999],
  [63, "Private data, operator or scheme", "text", 3, 163],
  [64, "Message authentication code", "binary", 0, 8],
];

/** The dialect's fields by number. */
export const unionpayFields: ReadonlyMap<number, Field> = new Map(
  rows.map(([number, name, kind, lengthDigits, length, show]) => [
    number,
    { name, kind, lengthDigits, length, show: show ?? "clear" },
  ]),
);
