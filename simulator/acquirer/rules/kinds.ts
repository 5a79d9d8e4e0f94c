/** The transactions of the interface and how a message says which one it is. One row a kind. */

/** What a transaction does to money. */
export type Effect = "none" | "debit" | "credit" | "hold" | "undo" | "complete" | "adjust";

/** Names of the financial transactions. */
export type KindName =
  | "balance"
  | "sale"
  | "void"
  | "refund"
  | "preAuthorisation"
  | "preAuthorisationVoid"
  | "completion"
  | "completionVoid"
  | "completionAdvice"
  | "offlineSale"
  | "adjustment"
  | "tip"
  | "offlineChip";

/** A row: type, processing codes, condition (field 25) and transaction type (field 60, first two digits). */
export interface Kind {
  readonly name: KindName;
  readonly mti: string;
  readonly processing: readonly string[];
  readonly condition: string;
  readonly type: string;
  readonly effect: Effect;
  /** The kind it must find, for those that change an earlier one. */
  readonly original?: readonly KindName[];
  /** Happened already: the host books it and does not ask whether it may. */
  readonly advice?: true;
}

/** What money can be given back of. */
const REFUNDABLE = [
  "sale",
  "completion",
  "completionAdvice",
  "offlineSale",
  "offlineChip",
  "tip",
  "adjustment",
] as const;

const rows = [
  ["balance", "0200", ["310000"], "00", "01", "none"],
  ["sale", "0200", ["000000"], "00", "22", "debit"],
  ["void", "0200", ["200000"], "00", "23", "undo", ["sale"]],
  ["refund", "0220", ["200000", "000000"], "00", "25", "credit", REFUNDABLE],
  ["preAuthorisation", "0100", ["030000"], "06", "10", "hold"],
  ["preAuthorisationVoid", "0100", ["200000"], "06", "11", "undo", ["preAuthorisation"]],
  ["completion", "0200", ["000000"], "06", "20", "complete", ["preAuthorisation"]],
  ["completionVoid", "0200", ["200000"], "06", "21", "undo", ["completion"]],
  ["completionAdvice", "0220", ["000000"], "06", "24", "complete", ["preAuthorisation"]],
  ["offlineSale", "0220", ["000000"], "00", "30", "debit", undefined, true],
  ["adjustment", "0220", ["000000"], "00", "32", "adjust", ["sale", "offlineSale"], true],
  ["tip", "0220", ["000000"], "00", "34", "adjust", ["sale", "offlineSale"], true],
  ["offlineChip", "0200", ["000000"], "00", "36", "debit", undefined, true],
] as const;

/** Every row. */
export const kinds: readonly Kind[] = rows.map(
  ([name, mti, processing, condition, type, effect, original, advice]): Kind => ({
    name,
    mti,
    processing,
    condition,
    type,
    effect,
    ...(original && { original }),
    ...(advice && { advice }),
  }),
);

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** The row with that name. */
export function kindNamed(name: KindName): Kind {
  return byName.get(name)!;
}

/** The row a message belongs to; undefined when no row has all four. */
export function findKind(mti: string, processing: string, condition: string, type: string): Kind | undefined {
  return kinds.find(
    (kind) =>
      kind.mti === mti && kind.type === type && kind.condition === condition && kind.processing.includes(processing),
  );
}
