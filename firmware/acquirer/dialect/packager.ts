import { type FieldRule, fixed, ll, lll, type Packager } from "../../codec/iso8583-packager.ts";

/** A card number or a track: decoded to bytes that can be wiped. */
function secret(rule: FieldRule): FieldRule {
  return { ...rule, secret: true };
}

/**
 * UnionPay's packing: types, digits and lengths in packed decimal, the digits of an odd count on the left; text one
 * byte a character; one binary bitmap.
 */
export const unionpayPackager: Packager = Object.freeze({
  mti: "bcd",
  bitmap: "binary",
  length: "bcd",
  numeric: "bcd-left",
  text: "ascii",
  track: "bcd-left",
  binary: "binary",
  fields: Object.freeze({
    2: secret(ll("n", 19)),
    3: fixed("n", 6),
    4: fixed("n", 12),
    11: fixed("n", 6),
    12: fixed("n", 6),
    13: fixed("n", 4),
    14: fixed("n", 4),
    15: fixed("n", 4),
    22: fixed("n", 3),
    23: fixed("n", 3),
    25: fixed("n", 2),
    26: fixed("n", 2),
    32: ll("n", 11),
    35: secret(ll("z", 37)),
    36: secret(lll("z", 104)),
    37: fixed("an", 12),
    38: fixed("an", 6),
    39: fixed("an", 2),
    41: fixed("ans", 8),
    42: fixed("ans", 15),
    44: ll("ans", 25),
    48: lll("n", 322),
    49: fixed("an", 3),
    52: fixed("b", 8),
    53: fixed("n", 16),
    54: lll("ans", 20),
    55: lll("b", 255),
    57: lll("b", 99),
    58: lll("ans", 100),
    59: lll("ans", 600),
    60: lll("n", 19),
    61: lll("n", 29),
    62: lll("b", 999),
    63: lll("ans", 163),
    64: fixed("b", 8),
  }),
});
