/** What a field may hold (ISO 8583:1987, 4.3): `n` digits, `an`/`ans` text, `z` track data, `b` bytes, `x+n` C or D and digits. */
export type FieldContent = "n" | "an" | "ans" | "z" | "b" | "x+n";

/** How characters or bytes are written. `bcd-left`: the digits of an odd count stand left, the filler right. */
export type Encoding = "ascii" | "ebcdic" | "bcd-left" | "bcd-right" | "binary" | "hex";

/** How the length before a variable field is written: decimal characters, packed decimal, or one or two binary bytes. */
export type LengthEncoding = "ascii" | "ebcdic" | "bcd" | "binary";

/** One field of a dialect. */
export interface FieldRule {
  readonly content: FieldContent;
  /** `fixed`, or decimal digits of the length before the value. */
  readonly length: "fixed" | "ll" | "lll";
  /** Characters (`b`: bytes) exactly when fixed, at most when variable. */
  readonly size: number;
  /** Over the packager's encoding for this content. */
  readonly encoding?: Encoding;
  /** Over the packager's encoding of lengths. */
  readonly lengthEncoding?: LengthEncoding;
  /** Decode to ASCII bytes that can be wiped, not to a string: card numbers and tracks. */
  readonly secret?: true;
}

/** A dialect as data: how each part is written, and what each field is. */
export interface Packager {
  readonly mti: "ascii" | "bcd" | "ebcdic";
  readonly bitmap: "binary" | "hex";
  readonly length: LengthEncoding;
  readonly numeric: Encoding;
  readonly text: Encoding;
  readonly track: Encoding;
  readonly binary: "binary" | "hex";
  /** By field number, 2 to 128 without 65. A field that is not here cannot be read or written. */
  readonly fields: Readonly<Record<number, FieldRule>>;
}

/** A fixed field. */
export function fixed(content: FieldContent, size: number): FieldRule {
  return { content, length: "fixed", size };
}

/** A field of at most `size`, with a length of two digits before it. */
export function ll(content: FieldContent, size: number): FieldRule {
  return { content, length: "ll", size };
}

/** A field of at most `size`, with a length of three digits before it. */
export function lll(content: FieldContent, size: number): FieldRule {
  return { content, length: "lll", size };
}
