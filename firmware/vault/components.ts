import { combine, part, same, size } from "#native/derive";
import { erase, load } from "#native/vault";
import { wipe } from "../codec/bytes.ts";
import { algorithm } from "../crypto/algorithms.ts";
import { checkValueOf } from "./check-value.ts";
import { cipherFor } from "./key-rights.ts";
import { type KeySlots, workSlots } from "./key-slots.ts";

/** Keys that people may bring in parts: the master key (triple DES) and the key under which key blocks come (AES). */
export type PartedKey = "terminalMaster" | "transport";

/** Why a part, or what all parts make together, is no key. `same`: it would cancel the others out; `weak`: single DES. */
export type PartFault = "length" | "same" | "weak";

/** A part was taken; its check value is for the one who typed it to compare. */
export type PartTaken =
  | { readonly kind: "taken"; readonly checkValue: string }
  | { readonly kind: "refused"; readonly why: PartFault };

/** The letter of each in a key block. */
export const partedLetters: Readonly<Record<PartedKey, "T" | "A">> = Object.freeze({
  terminalMaster: "T",
  transport: "A",
});

const { incoming, working, left, right } = workSlots;
const half = 8;

/**
 * Takes one part of a key and folds it with those before it (ANSI X9.24-1:2017, 7.5: full-length components, combined by
 * exclusive or). The bytes are wiped here; nothing of them comes out again but the check value.
 */
export function takePart(slots: KeySlots, what: PartedKey, bytes: Uint8Array, isFirst: boolean): PartTaken {
  const { memory } = slots;
  try {
    const cipher = cipherFor(partedLetters[what], bytes.length);
    if (cipher === undefined || !(isFirst || size(memory, incoming) === bytes.length)) return refused("length");
    load(memory, working, bytes);
    const checkValue = checkValueOf({ memory, slot: working, algorithm: cipher });
    if (isFirst) part(memory, working, 0, bytes.length, incoming);
    else if (same(memory, working, incoming)) return refused("same");
    else combine(memory, working, incoming, incoming);
    return { kind: "taken", checkValue };
  } finally {
    wipe(bytes);
    erase(memory, working);
  }
}

/** What the parts make together, by its check value; it stays where it is. */
export function judgeParts(slots: KeySlots, what: PartedKey): PartTaken {
  const { memory } = slots;
  const cipher = cipherFor(partedLetters[what], size(memory, incoming));
  if (cipher === undefined) return refused("length");
  if (cipher === algorithm.tdes && isSingle(slots)) return refused("weak");
  return { kind: "taken", checkValue: checkValueOf({ memory, slot: incoming, algorithm: cipher }) };
}

/** Wipes what was taken. */
export function dropParts({ memory }: KeySlots): void {
  erase(memory, incoming);
}

/** True for triple DES of which two neighbouring parts are the same: it enciphers as single DES does. */
function isSingle({ memory }: KeySlots): boolean {
  const count = size(memory, incoming) / half;
  let isWeak = false;
  for (let at = 1; at < count; at++) {
    part(memory, incoming, (at - 1) * half, half, left);
    part(memory, incoming, at * half, half, right);
    isWeak ||= same(memory, left, right);
  }
  erase(memory, left);
  erase(memory, right);
  return isWeak;
}

function refused(why: PartFault): PartTaken {
  return { kind: "refused", why };
}
