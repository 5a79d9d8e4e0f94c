import { hmac, part, size } from "#native/derive";
import { encrypt } from "#native/vault";
import { algorithm, blockLength, type CipherKey } from "../crypto/algorithms.ts";
import { cbcMac, cmac, retailMac } from "../crypto/mac.ts";
import { type PaddingMethod, pad } from "../crypto/padding.ts";
import { ecbMac, macField } from "./ecb-mac.ts";
import { workSlots } from "./key-slots.ts";

/** How field 64 is computed; the names that the parameter `macMethod` has. */
export type MacMethod = "unionpay" | "retail-1" | "retail-2" | "retail-3" | "cbc" | "cmac" | "hmac";

const fieldLength = 8;

const methods: Readonly<Record<MacMethod, (key: CipherKey, message: Uint8Array) => Uint8Array>> = Object.freeze({
  unionpay: (key, message) => macField(ecbMac(message, (block) => encrypt(key.memory, key.slot, key.algorithm, block))),
  "retail-1": (key, message) => retail(key, message, 1),
  "retail-2": (key, message) => retail(key, message, 2),
  "retail-3": (key, message) => retail(key, message, 3),
  cbc: (key, message) => cbcMac(key, pad(message, 1, blockLength(key.algorithm))),
  cmac,
  hmac: ({ memory, slot }, message) => hmac(memory, slot, message),
});

/** Field 64 over a message: eight bytes, the beginning of what the method gives. */
export function macBy(method: MacMethod, key: CipherKey, message: Uint8Array): Uint8Array {
  return methods[method](key, message).slice(0, fieldLength);
}

/** ISO/IEC 9797-1 algorithm 3 needs both halves of a double-length key; a single-length one is its own other half. */
function retail(key: CipherKey, message: Uint8Array, padding: PaddingMethod): Uint8Array {
  const { memory, slot } = key;
  part(memory, slot, 0, 8, workSlots.left);
  part(memory, slot, size(memory, slot) > 8 ? 8 : 0, 8, workSlots.right);
  const half = (place: number): CipherKey => ({ memory, slot: place, algorithm: algorithm.des });
  return retailMac(half(workSlots.left), half(workSlots.right), pad(message, padding, 8));
}
