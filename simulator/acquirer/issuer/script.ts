/** Issuer scripts: secure messaging MAC, enciphered data and PIN blocks (EMV 4.3 Book 2, 9). */
import { concat, fromHex, xor } from "../bytes.ts";
import { decryptCbc, decryptEcb, encryptCbc, encryptEcb, needDoubleLength, pad80, retailMac, unpad80 } from "./des.ts";

/** How a scheme enciphers script data. */
export type ScriptScheme = "VISA" | "MASTERCARD" | "EMV";

function needPin(pin: string): void {
  if (!/^\d{4,12}$/.test(pin)) throw new RangeError("a PIN has 4 to 12 digits");
}

/** The MAC of a script command (9.2.1.2); `data` is what the scheme says: header, ATC, ARQC, command data. */
export function scriptMac(key: Uint8Array, data: Uint8Array, length = 8): Uint8Array {
  needDoubleLength(key);
  return retailMac(key, pad80(data)).slice(0, length);
}

const ciphers: Record<ScriptScheme, (key: Uint8Array, data: Uint8Array) => Uint8Array> = {
  VISA: (key, data) => encryptEcb(key, pad80(concat(Uint8Array.of(data.length), data))),
  MASTERCARD: (key, data) => encryptCbc(key, data.length % 8 === 0 ? data : pad80(data)),
  EMV: (key, data) => encryptCbc(key, pad80(data)),
};

/** Script data enciphered as the scheme does (9.3). */
export function encryptScriptData(key: Uint8Array, data: Uint8Array, scheme: ScriptScheme): Uint8Array {
  needDoubleLength(key);
  return ciphers[scheme](key, data);
}

/** The card's side of `encryptScriptData` for Visa's and UnionPay's form; undefined when it does not fit. */
export function decryptVisaScriptData(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  needDoubleLength(key);
  if (data.length === 0 || data.length % 8 !== 0) return undefined;
  const clear = unpad80(decryptEcb(key, data));
  return clear && clear[0] === clear.length - 1 ? clear.slice(1) : undefined;
}

/** The card's side of `encryptScriptData` for Mastercard's form (whole blocks carry no padding). */
export function decryptMastercardScriptData(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  needDoubleLength(key);
  return data.length > 0 && data.length % 8 === 0 ? decryptCbc(key, data) : undefined;
}

/** ISO 9564 format 2 PIN block, as offline PIN and scripts use it. */
export function pinBlockFormat2(pin: string): Uint8Array {
  needPin(pin);
  return fromHex(`2${pin.length.toString(16)}${pin.padEnd(14, "F")}`);
}

/** Visa's PIN block for PIN CHANGE: bound to the card key, and to the PIN in force where that is known. */
export function visaPinBlock(cardKey: Uint8Array, pin: string, currentPin?: string): Uint8Array {
  needPin(pin);
  needDoubleLength(cardKey);
  const bound = concat(new Uint8Array(4), cardKey.subarray(4, 8));
  const block = xor(bound, fromHex(`${pin.length.toString(16).padStart(2, "0")}${pin.padEnd(14, "F")}`));
  if (currentPin === undefined) return block;
  needPin(currentPin);
  return xor(block, fromHex(currentPin.padEnd(16, "0")));
}
