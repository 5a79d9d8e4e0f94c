/** How an issuer checks a PIN or a printed code without storing it: IBM 3624 offset, Visa PVV, card verification value. */
import { fromHex, hex, xor } from "../bytes.ts";
import { decimalise, encryptEcb } from "./des.ts";

/** What of the PAN goes into the IBM 3624 check, and how hex digits become decimal ones. */
export interface Ibm3624 {
  readonly conversionTable: string;
  readonly pan: string;
  readonly panVerifyOffset: number;
  readonly panVerifyLength: number;
  readonly panPad: string;
}

function needKey(key: Uint8Array): void {
  if (![8, 16, 24].includes(key.length)) throw new RangeError("the verification key must be a DES key");
}

function naturalPin(key: Uint8Array, options: Ibm3624): string {
  const { conversionTable, pan, panVerifyOffset, panVerifyLength, panPad } = options;
  needKey(key);
  if (!/^\d{16}$/.test(conversionTable)) throw new RangeError("the conversion table must have 16 digits");
  if (!/^\d{1,19}$/.test(pan)) throw new RangeError("the PAN must have at most 19 digits");
  if (!/^[0-9a-fA-F]$/.test(panPad)) throw new RangeError("the pad must be one hex digit");
  const validation = pan.slice(panVerifyOffset, panVerifyOffset + panVerifyLength);
  if (panVerifyOffset < 0 || validation.length !== panVerifyLength) {
    throw new RangeError("the verified digits must lie within the PAN");
  }
  const block = encryptEcb(key, fromHex(validation.slice(0, 16).padEnd(16, panPad)));
  return hex(block).replace(/./g, (digit) => conversionTable[Number.parseInt(digit, 16)]!);
}

function combine(left: string, right: string, sign: 1 | -1): string {
  return [...left].map((digit, index) => String((Number(right[index]) + sign * Number(digit) + 10) % 10)).join("");
}

/** The PIN that belongs to an offset (IBM 3624); the offset's length is the PIN's. */
export function ibm3624Pin(key: Uint8Array, offset: string, options: Ibm3624): string {
  if (!/^\d{4,16}$/.test(offset)) throw new RangeError("the offset must have 4 to 16 digits");
  return combine(offset, naturalPin(key, options), 1);
}

/** The offset that belongs to a PIN (IBM 3624). */
export function ibm3624Offset(key: Uint8Array, pin: string, options: Ibm3624): string {
  if (!/^\d{4,16}$/.test(pin)) throw new RangeError("the PIN must have 4 to 16 digits");
  const natural = naturalPin(key, options).slice(0, pin.length);
  return combine(natural, pin, -1);
}

/** Visa PIN verification value: 4 digits; `index` is the key's number, the PIN has 4 digits. */
export function visaPvv(key: Uint8Array, index: string, pin: string, pan: string): string {
  needKey(key);
  if (!/^\d$/.test(index)) throw new RangeError("the key index must be one digit");
  if (!/^\d{4}$/.test(pin)) throw new RangeError("the PIN must have 4 digits");
  if (!/^\d{12,}$/.test(pan)) throw new RangeError("the PAN must have at least 12 digits");
  return decimalise(hex(encryptEcb(key, fromHex(`${pan.slice(-12, -1)}${index}${pin}`))), 4);
}

/** Card verification value (CVV, CVC): 3 digits from PAN, expiry (as the scheme writes it) and service code. */
export function cardVerificationValue(key: Uint8Array, pan: string, expiry: string, serviceCode: string): string {
  if (key.length !== 16) throw new RangeError("the CVK must have 16 bytes");
  if (!/^\d{1,19}$/.test(pan)) throw new RangeError("the PAN must have at most 19 digits");
  if (!/^\d{4}$/.test(expiry)) throw new RangeError("the expiry must have 4 digits");
  if (!/^\d{3}$/.test(serviceCode)) throw new RangeError("the service code must have 3 digits");
  const digits = `${pan}${expiry}${serviceCode}`.padEnd(32, "0");
  const first = encryptEcb(key.subarray(0, 8), fromHex(digits.slice(0, 16)));
  return decimalise(hex(encryptEcb(key, xor(first, fromHex(digits.slice(16))))), 3);
}
