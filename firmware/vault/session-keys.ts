import { constantTimeEqual } from "../codec/bytes.ts";
import type { KeySlots, KeyUsage } from "./key-slots.ts";

/**
 * Layouts of field 62 in a sign-in answer, by its length: which keys are in it, and how long each key's place is
 * before its check value of four bytes.
 */
const layouts: Readonly<Record<number, { readonly keyPlace: number; readonly usages: readonly KeyUsage[] }>> =
  Object.freeze({
    24: { keyPlace: 8, usages: ["pin", "mac"] },
    40: { keyPlace: 16, usages: ["pin", "mac"] },
    56: { keyPlace: 24, usages: ["pin", "mac"] },
    60: { keyPlace: 16, usages: ["pin", "mac", "track"] },
    84: { keyPlace: 24, usages: ["pin", "mac", "track"] },
  });

const checkLength = 4;

/** Usages that a sign-in replaces. */
export const sessionUsages: readonly KeyUsage[] = Object.freeze(["pin", "mac", "track"]);

/**
 * Takes the session keys of a sign-in answer under the terminal master key; false when the length is none of the
 * layouts or a check value is wrong, and then no session key is left.
 */
export function loadSessionKeys(slots: KeySlots, field62: Uint8Array): boolean {
  for (const usage of sessionUsages) slots.erase(usage);
  const layout = layouts[field62.length];
  if (layout === undefined) return false;
  const { keyPlace, usages } = layout;
  const loaded = usages.every((usage, place) => {
    const start = place * (keyPlace + checkLength);
    return loadKey(slots, usage, field62.subarray(start, start + keyPlace + checkLength), keyPlace);
  });
  if (!loaded) for (const usage of sessionUsages) slots.erase(usage);
  return loaded;
}

/**
 * One key with its check value. A MAC key of single length leaves its place half empty, and its check value stands
 * behind the place or, in some regions, right behind the key: whichever reading has the right check value is meant.
 */
function loadKey(slots: KeySlots, usage: KeyUsage, part: Uint8Array, keyPlace: number): boolean {
  const readings: readonly (readonly [keyLength: number, checkAt: number])[] =
    usage === "mac" && keyPlace > 8
      ? [
          [keyPlace, keyPlace],
          [8, keyPlace],
          [8, 8],
        ]
      : [[keyPlace, keyPlace]];
  return readings.some(([keyLength, checkAt]) => {
    slots.unwrapDes(usage, part.subarray(0, keyLength));
    return constantTimeEqual(slots.checkValue(usage, checkLength), part.subarray(checkAt, checkAt + checkLength));
  });
}
