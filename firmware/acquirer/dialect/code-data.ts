import { concat } from "../../codec/bytes.ts";
import { asciiToBytes } from "../../codec/text.ts";

/**
 * Objects of field 59 of a payment by code, each its name, three digits of length in characters and its text: the code that was
 * scanned (`A3`), the wallet's order number (`A4`), the payer's account as the wallet masks it (`A5`), our own reference in a code
 * that is shown (`A6`).
 */
export const codeObjects = Object.freeze({ code: "A3", order: "A4", payer: "A5", reference: "A6" } as const);

const headLength = 5;

/** One object; the caller wipes it. */
export function codeObject(name: string, value: Uint8Array): Uint8Array {
  return concat([asciiToBytes(name + String(value.length).padStart(3, "0")), value]);
}

/** What field 59 of an answer says of a payment by code; a field that is not made of objects says nothing. */
export function readCodeObjects(text: string): { readonly order?: string; readonly payer?: string } {
  const found: { order?: string; payer?: string } = {};
  for (let at = 0; at < text.length; ) {
    const start = at + headLength;
    const length = text.slice(at + 2, start);
    const end = start + Number(length);
    if (!/^\d{3}$/.test(length) || end > text.length) return {};
    const name = text.slice(at, at + 2);
    const value = text.slice(start, end);
    if (name === codeObjects.order && /^\d{1,32}$/.test(value)) found.order = value;
    if (name === codeObjects.payer && /^[!-~]{1,32}$/.test(value)) found.payer = value;
    at = end;
  }
  return found;
}
