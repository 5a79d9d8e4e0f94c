/** UnionPay's ECB MAC over a message from its type to the field before the MAC. */
import { hex, latin1, xor } from "./bytes.ts";
import { encryptEcb, padZeros } from "./issuer/des.ts";

const BLOCK = 8;

/** The steps of the calculation, so that each can be compared with a published example. */
export interface MacSteps {
  readonly folded: Uint8Array;
  readonly firstEncryption: Uint8Array;
  readonly result: Uint8Array;
  /** Field 64: eight ASCII characters. */
  readonly field64: Uint8Array;
}

/** Folds, expands to hex, encrypts, folds, encrypts; `key` has 8 or 16 bytes. */
export function ecbMacSteps(key: Uint8Array, message: Uint8Array): MacSteps {
  const padded = padZeros(message);
  const folded = new Uint8Array(BLOCK);
  for (let at = 0; at < padded.length; at += 1) folded[at % BLOCK]! ^= padded[at]!;
  const expanded = latin1(hex(folded));
  const firstEncryption = encryptEcb(key, expanded.subarray(0, BLOCK));
  const result = encryptEcb(key, xor(firstEncryption, expanded.subarray(BLOCK)));
  return { folded, firstEncryption, result, field64: latin1(hex(result).slice(0, BLOCK)) };
}

/** Field 64 as hex of its eight characters. */
export function ecbMac(key: Uint8Array, message: Uint8Array): string {
  return hex(ecbMacSteps(key, message).field64);
}
