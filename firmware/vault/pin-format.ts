import { encrypt } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import { wipe } from "../codec/bytes.ts";
import type { CipherKey } from "../crypto/algorithms.ts";
import { encodePinBlock } from "./pin-block.ts";
import { encipherPinField, encodePinField } from "./pin-block-aes.ts";
import type { PinBlockFormat } from "./scheme.ts";

const fillDigits = 14;

/**
 * An enciphered PIN block in the format: 8 bytes, 16 in format 4. The caller wipes the digits.
 * Throws `FormatError` for digits or a PAN that the format does not take.
 */
export function encipherPin(
  format: PinBlockFormat,
  digits: Uint8Array,
  pan: Uint8Array,
  key: CipherKey,
  random: Random,
): Uint8Array {
  const enciphered = (block: Uint8Array): Uint8Array => encrypt(key.memory, key.slot, key.algorithm, block);
  if (format === 4) {
    const field = encodePinField(digits, random.read(8));
    try {
      return encipherPinField(field, pan, enciphered);
    } finally {
      wipe(field);
    }
  }
  const clear = encodePinBlock(format, digits, format === 1 ? undefined : pan, fillOf(format, random));
  try {
    return enciphered(clear);
  } finally {
    wipe(clear);
  }
}

/** Fill digits of chance: any in format 1, A to F in format 3, each as likely as the other. */
function fillOf(format: 0 | 1 | 3, random: Random): Uint8Array | undefined {
  if (format === 0) return undefined;
  if (format === 1) return random.read(fillDigits).map((byte) => byte & 15);
  const fill = new Uint8Array(fillDigits);
  let count = 0;
  while (count < fillDigits) {
    for (const byte of random.read(2 * fillDigits)) {
      if ((byte & 15) >= 10 && count < fillDigits) fill[count++] = byte & 15;
    }
  }
  return fill;
}
