/** PIN blocks as the security module opens them (ISO 9564-1:2017, 9.3 and 9.4). */
import { createDecipheriv } from "node:crypto";
import { concat, fromHex, hex, xor } from "./bytes.ts";

/** Digits behind control and length, when the filler is right. */
function digitsOf(text: string, control: string, filler: RegExp): string | undefined {
  const length = Number.parseInt(text[1]!, 16);
  const pin = text.slice(2, 2 + length);
  const wellFormed = text[0] === control && length >= 4 && length <= 12 && /^\d+$/.test(pin);
  return wellFormed && filler.test(text.slice(2 + length)) ? pin : undefined;
}

/** Formats 0 and 3, bound to twelve digits of the card number. */
export function openBound(clear: Uint8Array, pan: string): string | undefined {
  const digits = hex(xor(clear, concat(new Uint8Array(2), fromHex(pan.slice(-13, -1)))));
  return digitsOf(digits, "0", /^F*$/) ?? digitsOf(digits, "3", /^[A-F]*$/);
}

/** Format 1, and format 0 without a card number. */
export function openUnbound(clear: Uint8Array): string | undefined {
  return digitsOf(hex(clear), "1", /^.*$/) ?? digitsOf(hex(clear), "0", /^F*$/);
}

/** Format 4 under an AES key. */
export function openFormat4(key: Uint8Array, block: Uint8Array, pan: string): string | undefined {
  if (block.length !== 16) return undefined;
  const decrypt = (bytes: Uint8Array): Uint8Array => {
    const cipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    return concat(cipher.update(bytes), cipher.final());
  };
  const digits = pan.padStart(12, "0");
  const panField = fromHex(`${digits.length - 12}${digits}`.padEnd(32, "0"));
  const text = hex(decrypt(xor(decrypt(block), panField)));
  return digitsOf(text.slice(0, 16), "4", /^A*$/);
}
