/** Reads the parts of a published case for the checkers of the terminal's own code. Runs on Node and on XS. */
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";

/** An object of a case. */
export type Fields = { readonly [name: string]: unknown };

/** What is wrong with a result, or nothing. */
export type Verdict = string | undefined;

/** Throws when the value is no plain object. */
export function asFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("an object expected");
  }
  return value as Fields;
}

/** The text under a name. Throws when there is none. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") {
    throw new TypeError(`${name}: text expected`);
  }
  return value;
}

/** The number under a name. Throws when there is none. */
export function integer(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") {
    throw new TypeError(`${name}: a number expected`);
  }
  return value;
}

/** The bytes of the hexadecimal text under a name. */
export function bytes(fields: Fields, name: string): Uint8Array {
  return hexToBytes(text(fields, name), name);
}

/** Compares bytes with the hexadecimal text under a name, when the case gives it. */
export function compareBytes(fields: Fields, name: string, actual: Uint8Array): Verdict {
  return name in fields ? compareText(name, text(fields, name).toUpperCase(), bytesToHex(actual)) : undefined;
}

/** Compares two texts. */
export function compareText(name: string, expected: string, actual: string): Verdict {
  return expected === actual ? undefined : `${name}: ${actual} instead of ${expected}`;
}

/** The first thing that is wrong. */
export function firstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => verdict !== undefined);
}

/**
 * Runs a case. One that is not valid must end in an error that `isRefusal` knows; any other error is a failure.
 * @param run compares and gives what is wrong
 */
export function judge(fields: Fields, isRefusal: (error: unknown) => boolean, run: () => Verdict): Verdict {
  const mustFail = fields.valid === false;
  try {
    const verdict = run();
    return mustFail ? "was not refused" : verdict;
  } catch (error) {
    return mustFail && isRefusal(error) ? undefined : String(error);
  }
}
