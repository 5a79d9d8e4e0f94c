/** The data objects of a merchant-presented code (EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, 1.1, section 4). */

/** Which identifiers a rule is for. */
export interface ObjectRule {
  readonly from: number;
  readonly to: number;
  /** Objects inside, each once; the first of them may have a rule of its own. */
  readonly isTemplate?: boolean;
  /** Characters at most. */
  readonly longest: number;
  readonly form?: RegExp;
  /** Said where the form is another. */
  readonly problem?: string;
}

/** Digits with at most one point behind the first, and not zero (4.4, objects 54 and 56). */
const amount = /^(?=.*[1-9])\d+\.?\d*$/;
/** Two digits before the point at most: 00.01 to 99.99 (4.7.6). */
const percentage = /^(?!0{1,2}(\.0{0,2})?$)\d{1,2}(\.\d{0,2})?$/;

/** Tables 4.2 to 4.4, in their order; what no rule is for may have any form. */
export const rootRules: readonly ObjectRule[] = Object.freeze([
  rule(0, 0, 2, /^01$/, "version 01 expected"),
  rule(1, 1, 2, /^1[12]$/, "11 or 12 expected"),
  template(26, 51),
  rule(52, 52, 4, /^\d{4}$/, "four digits expected"),
  rule(53, 53, 3, /^\d{3}$/, "three digits expected"),
  rule(54, 54, 13, amount, "an amount above zero expected"),
  rule(55, 55, 2, /^0[123]$/, "01, 02 or 03 expected"),
  rule(56, 56, 13, amount, "an amount above zero expected"),
  rule(57, 57, 5, percentage, "a percentage expected"),
  rule(58, 58, 2, /^[A-Z]{2}$/, "two letters expected"),
  rule(59, 59, 25),
  rule(60, 60, 15),
  rule(61, 61, 10),
  template(62, 62),
  rule(63, 63, 4, /^[0-9A-F]{4}$/, "four hexadecimal digits expected"),
  template(64, 64),
  template(80, 99),
]);

/** Inside of templates for merchant accounts and those nobody has reserved: whose the rest is (4.7.8, 4.8.2). */
export const ownerRules: readonly ObjectRule[] = Object.freeze([rule(0, 0, 32)]);

/** Inside of template 62, additional data (table 4.4). */
export const additionalRules: readonly ObjectRule[] = Object.freeze([
  rule(1, 8, 25),
  rule(9, 9, 3, /^(?!.*(.).*\1)[AME]{1,3}$/, "A, M and E expected, each once"),
  rule(10, 10, 20),
  rule(11, 11, 3, /^\d{3}$/, "three digits expected"),
  template(50, 99),
]);

/** Inside of template 64, the merchant in another language (table 4.5). */
export const languageRules: readonly ObjectRule[] = Object.freeze([
  rule(0, 0, 2, /^[A-Za-z]{2}$/, "two letters expected"),
  rule(1, 1, 25),
  rule(2, 2, 15),
]);

function rule(from: number, to: number, longest: number, form?: RegExp, problem?: string): ObjectRule {
  return Object.freeze({ from, to, longest, ...(form === undefined ? {} : { form, problem: problem! }) });
}

function template(from: number, to: number): ObjectRule {
  return Object.freeze({ from, to, longest: 99, isTemplate: true });
}
