import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import type { Seeded } from "../seeded.ts";

/** Asserts that `read` gives a value or a `FormatError`, and says whether it gave a value. */
export function survives(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    assert.instance(error, FormatError);
    return false;
  }
}

/** Every proper prefix is refused with a `FormatError`. */
export function refusesEveryPrefix(read: (bytes: Uint8Array) => unknown, valid: Uint8Array): void {
  for (let length = 0; length < valid.length; length++) {
    assert.is(survives(read, valid.slice(0, length)), false, `prefix of ${length} bytes`);
  }
}

/** Any change of one byte ends in a value or a `FormatError`. */
export function survivesChanges(read: (bytes: Uint8Array) => unknown, valid: Uint8Array, seeded: Seeded): void {
  for (let i = 0; i < valid.length; i++) {
    const changed = valid.slice();
    changed[i] = seeded.below(256);
    survives(read, changed);
  }
}
