/** What both DUKPTs' checkers ask of key serial numbers. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { counterOf, type DukptRule, nextCounter, withCounter } from "../../../firmware/vault/dukpt-counter.ts";
import { bytes, compareText, type Fields, text, type Verdict } from "./case.ts";

/** Errors that a refusal of bytes from outside is. */
export function isRefusal(error: unknown): boolean {
  return error instanceof FormatError || error instanceof RangeError;
}

/** The serial number after this one; `null` where no keys are left. */
export function checkNextSerial(rule: DukptRule, fields: Fields): Verdict {
  const serial = bytes(fields, "ksn");
  const next = nextCounter(rule, counterOf(rule, serial));
  const found = next === undefined ? "none" : bytesToHex(withCounter(rule, serial, next));
  return compareText("nextKsn", fields.nextKsn === null ? "none" : text(fields, "nextKsn").toUpperCase(), found);
}

/** Says whether a serial number is one of a transaction: counters begin with 1, the initial key has 0. */
export function checkSerial(rule: DukptRule, fields: Fields): Verdict {
  if (counterOf(rule, bytes(fields, "ksn")) === 0) throw new RangeError("counter is 0");
  return undefined;
}
