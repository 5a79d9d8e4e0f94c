/** The fields of ISO 8583:1987 (4.3) as rules for firmware/codec/iso8583.ts, and how QCUP packs some of them. */
import { type FieldRule, fixed, ll, lll } from "../../../firmware/codec/iso8583-packager.ts";

type Rules = Readonly<Record<number, FieldRule>>;

function fill(first: number, last: number, rule: FieldRule): Rules {
  return Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [first + i, rule]));
}

/** Fields 2 to 128 of the standard. `signed`: characters of an amount with its C or D. */
export function fields1987(signed: number): Rules {
  return {
    2: ll("n", 19),
    3: fixed("n", 6),
    ...fill(4, 6, fixed("n", 12)),
    7: fixed("n", 10),
    ...fill(8, 10, fixed("n", 8)),
    ...fill(11, 12, fixed("n", 6)),
    ...fill(13, 18, fixed("n", 4)),
    ...fill(19, 24, fixed("n", 3)),
    ...fill(25, 26, fixed("n", 2)),
    27: fixed("n", 1),
    ...fill(28, 31, fixed("x+n", signed)),
    ...fill(32, 33, ll("n", 11)),
    34: ll("ans", 28),
    35: ll("z", 37),
    36: lll("z", 104),
    37: fixed("an", 12),
    38: fixed("an", 6),
    39: fixed("an", 2),
    40: fixed("an", 3),
    41: fixed("ans", 8),
    42: fixed("ans", 15),
    43: fixed("ans", 40),
    44: ll("ans", 99),
    45: ll("ans", 76),
    ...fill(46, 48, lll("ans", 999)),
    ...fill(49, 51, fixed("an", 3)),
    52: fixed("b", 8),
    53: fixed("n", 16),
    54: lll("ans", 120),
    ...fill(55, 63, lll("ans", 999)),
    64: fixed("b", 8),
    66: fixed("n", 1),
    67: fixed("n", 2),
    ...fill(68, 70, fixed("n", 3)),
    ...fill(71, 72, fixed("n", 4)),
    73: fixed("n", 6),
    ...fill(74, 81, fixed("n", 10)),
    ...fill(82, 85, fixed("n", 12)),
    ...fill(86, 89, fixed("n", 16)),
    90: fixed("n", 42),
    91: fixed("an", 1),
    92: fixed("an", 2),
    93: fixed("an", 5),
    94: fixed("an", 7),
    95: fixed("an", 42),
    96: fixed("b", 8),
    97: fixed("x+n", signed + 8),
    98: fixed("ans", 25),
    ...fill(99, 100, ll("n", 11)),
    101: ll("ans", 17),
    ...fill(102, 103, ll("ans", 28)),
    104: lll("ans", 100),
    ...fill(105, 127, lll("ans", 999)),
    128: fixed("b", 8),
  };
}

/** What the packed dialect of QCUP makes of some fields. */
export const packedFields: Rules = {
  60: lll("n", 999),
  61: lll("n", 999),
};
