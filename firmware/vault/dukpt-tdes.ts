import { derive, dukpt, encipher, join, variant } from "#native/derive";
import { erase, type KeyMemory } from "#native/vault";
import { FormatError } from "../codec/errors.ts";
import { algorithm } from "../crypto/algorithms.ts";
import { counterOf, onesOf, tdesDukpt, withCounter } from "./dukpt-counter.ts";

/** What a key of ANSI X9.24-1 may be used for, with its variant (2009, A.4.1): which byte of each half is turned over. */
const variantBytes = Object.freeze({
  pin: 7,
  macRequest: 6,
  macResponse: 4,
  dataRequest: 5,
  dataResponse: 3,
});
export type TdesDukptUsage = keyof typeof variantBytes;

const { tdes } = algorithm;
const componentMask = Uint8Array.of(0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0);

/**
 * The initial key of a terminal (A.6): what a key loading device does, and what tests hold against published values.
 * `work` and `target` are two slots besides that of the base derivation key.
 */
export function tdesInitialKey(
  memory: KeyMemory,
  base: number,
  serial: Uint8Array,
  work: number,
  target: number,
): void {
  counterOf(tdesDukpt, serial);
  const start = withCounter(tdesDukpt, serial, 0).subarray(0, 8);
  derive(memory, base, tdes, start, target, 8);
  variant(memory, base, componentMask, work);
  derive(memory, work, tdes, start, work, 8);
  join(memory, target, work, target);
  erase(memory, work);
}

/** The register that the one-way step takes: the last eight bytes of the serial number with this counter. */
export function dukptRegister(serial: Uint8Array, counter: number): Uint8Array {
  return withCounter(tdesDukpt, serial, counter).slice(2);
}

/** The key of a serial number out of the initial key. Throws `FormatError` for counter 0 or too many ones. */
export function tdesTransactionKey(memory: KeyMemory, initial: number, serial: Uint8Array, target: number): void {
  const counter = counterOf(tdesDukpt, serial);
  if (counter === 0) throw new FormatError("key serial number", 0, "counter is zero");
  let from = initial;
  let way = 0;
  for (const place of onesOf(counter)) {
    way += 2 ** place;
    dukpt(memory, from, dukptRegister(serial, way), target);
    from = target;
  }
}

/** A working key out of a transaction key; keys for data are enciphered under themselves besides. */
export function tdesWorkingKey(memory: KeyMemory, transaction: number, usage: TdesDukptUsage, target: number): void {
  const mask = new Uint8Array(8);
  mask[variantBytes[usage]] = 0xff;
  variant(memory, transaction, mask, target);
  if (usage === "dataRequest" || usage === "dataResponse") encipher(memory, target, tdes, target, target);
}
