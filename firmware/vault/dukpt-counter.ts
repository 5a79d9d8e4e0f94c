import { bytesToInteger, integerToBytes } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";

/** The two DUKPTs: how long a key serial number is, how many bits of it count, and how many of these may be set. */
export interface DukptRule {
  readonly serialLength: number;
  readonly counterBits: number;
  readonly mostOnes: number;
}

/** ANSI X9.24-1:2009: ten bytes, a counter of 21 bits with at most ten ones. */
export const tdesDukpt: DukptRule = Object.freeze({ serialLength: 10, counterBits: 21, mostOnes: 10 });
/** ANSI X9.24-3:2017: an initial key ID of eight bytes, a counter of 32 bits with at most sixteen ones. */
export const aesDukpt: DukptRule = Object.freeze({ serialLength: 12, counterBits: 32, mostOnes: 16 });

/** The counter of a key serial number. Throws `FormatError` for one of another length or with too many ones. */
export function counterOf(rule: DukptRule, serial: Uint8Array): number {
  if (serial.length !== rule.serialLength) throw new FormatError("key serial number", 0, "another length");
  const counter = bytesToInteger(serial.subarray(serial.length - 4)) % 2 ** rule.counterBits;
  if (ones(counter) > rule.mostOnes) {
    throw new FormatError("key serial number", serial.length - 4, "counter has too many ones");
  }
  return counter;
}

/** The key serial number with another counter. */
export function withCounter(rule: DukptRule, serial: Uint8Array, counter: number): Uint8Array {
  const result = serial.slice();
  const last = bytesToInteger(serial.subarray(serial.length - 4));
  const kept = last - (last % 2 ** rule.counterBits);
  result.set(integerToBytes(kept + counter, 4), serial.length - 4);
  return result;
}

/** The counter of the next key; `undefined` when all keys are used up. Counters with too many ones are stepped over. */
export function nextCounter({ counterBits, mostOnes }: DukptRule, counter: number): number | undefined {
  const next = counter + (ones(counter) < mostOnes ? 1 : 2 ** lowestOne(counter));
  return next < 2 ** counterBits ? next : undefined;
}

/** Places of the counter's ones, highest first: the way from the initial key to the counter's. */
export function onesOf(counter: number): number[] {
  const places: number[] = [];
  for (let place = 31; place >= 0; place--) if (isOne(counter, place)) places.push(place);
  return places;
}

/** Place of the lowest one: which of the future keys is the counter's own. `counter` is not 0. */
export function lowestOne(counter: number): number {
  let place = 0;
  while (!isOne(counter, place)) place++;
  return place;
}

export function isOne(counter: number, place: number): boolean {
  return ((counter >>> place) & 1) === 1;
}

function ones(counter: number): number {
  return onesOf(counter).length;
}
