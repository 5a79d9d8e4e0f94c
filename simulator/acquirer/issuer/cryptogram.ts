/** Application cryptograms, the issuer's answer to them, and Mastercard's CVC3 (EMV 4.3 Book 2, 8.1 and 8.2). */
import { concat, xor } from "../bytes.ts";
import { encryptEcb, needDoubleLength, pad80, padZeros, retailMac } from "./des.ts";

/** ISO/IEC 9797-1 padding method: 1 zeros, 2 with a leading 80. */
export type Padding = 1 | 2;

/** The data padded as the method says. */
export function pad(data: Uint8Array, method: Padding): Uint8Array {
  return method === 1 ? padZeros(data) : pad80(data);
}

/** An application cryptogram (ARQC, TC or AAC) over `data`; `length` of 4 to 8 bytes. */
export function applicationCryptogram(key: Uint8Array, data: Uint8Array, method: Padding, length = 8): Uint8Array {
  needDoubleLength(key);
  return retailMac(key, pad(data, method)).slice(0, length);
}

/** ARPC method 1 (8.2.1): 8 bytes, from the ARQC and the 2-byte authorisation response code. */
export function arpcMethod1(key: Uint8Array, arqc: Uint8Array, responseCode: Uint8Array): Uint8Array {
  needDoubleLength(key);
  if (arqc.length !== 8) throw new RangeError("the ARQC must have 8 bytes");
  if (responseCode.length !== 2) throw new RangeError("the response code must have 2 bytes");
  return encryptEcb(key, xor(concat(responseCode, new Uint8Array(6)), arqc));
}

/** ARPC method 2 (8.2.2): 4 bytes, from the ARQC, the 4-byte card status update and up to 8 proprietary bytes. */
export function arpcMethod2(
  key: Uint8Array,
  arqc: Uint8Array,
  cardStatusUpdate: Uint8Array,
  proprietary: Uint8Array,
): Uint8Array {
  needDoubleLength(key);
  if (arqc.length !== 8) throw new RangeError("the ARQC must have 8 bytes");
  if (cardStatusUpdate.length !== 4) throw new RangeError("the card status update must have 4 bytes");
  if (proprietary.length > 8) throw new RangeError("proprietary authentication data has at most 8 bytes");
  return retailMac(key, pad80(concat(arqc, cardStatusUpdate, proprietary))).slice(0, 4);
}

/** Mastercard's dynamic CVC3 as a decimal number (its last digits go into the track). */
export function cvc3(
  cardKey: Uint8Array,
  trackTemplate: Uint8Array,
  atc: Uint8Array,
  unpredictable: Uint8Array,
): string {
  if (cardKey.length !== 16) throw new RangeError("the CVC3 key must have 16 bytes");
  if (atc.length !== 2) throw new RangeError("the ATC must have 2 bytes");
  if (unpredictable.length !== 4) throw new RangeError("the unpredictable number must have 4 bytes");
  const iv = retailMac(cardKey, pad80(trackTemplate)).slice(-2);
  const last = encryptEcb(cardKey, concat(iv, unpredictable, atc)).slice(-2);
  return String((last[0]! << 8) | last[1]!);
}

/** The data elements every scheme signs, in order (8.1.1). */
export const MINIMUM_ELEMENTS = ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36"] as const;

/** Which part of the issuer application data (9F10) the cryptogram covers. */
export type IssuerDataPart = "cvr" | "cvrAndCounters" | "all";

/**
 * The input of an application cryptogram. `elements` gives each tag's bytes; `issuerPart` is what the scheme adds of 9F10.
 * A missing 9F03 counts as zero; any other missing element throws `RangeError`.
 */
export function cryptogramInput(elements: (tag: string) => Uint8Array | undefined, issuerPart: Uint8Array): Uint8Array {
  const parts = MINIMUM_ELEMENTS.map((tag) => {
    const value = elements(tag) ?? (tag === "9F03" ? new Uint8Array(6) : undefined);
    if (!value) throw new RangeError(`data element ${tag} is missing`);
    return value;
  });
  return concat(...parts, issuerPart);
}

/** The least first byte that is a length; smaller ones are a key index. */
const LEAST_LENGTH = 6;

/** The part of issuer application data that a cryptogram covers; the form is told by its first byte (scheme rules). */
export function issuerDataPart(data: Uint8Array, part: IssuerDataPart): Uint8Array {
  if (part === "all") return data;
  const first = data[0] ?? 0;
  // UnionPay and Visa: length, key index, version, then the results with their own length in front; more may follow.
  if (first >= LEAST_LENGTH && first < data.length) return data.slice(3, 3 + 1 + (data[3] ?? 0));
  // Mastercard: key index, version, six bytes of results, authentication code, counters.
  return part === "cvr" ? data.slice(2, 8) : concat(data.slice(2, 8), data.slice(10, 18));
}
