import { bytesToInteger } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";

/** One cardholder verification rule (EMV 4.3 Book 3, annex C3). */
export interface CvmRule {
  /** The rule's first byte as the card sent it. */
  readonly cvm: number;
  /** The method: its lower six bits. */
  readonly code: number;
  readonly condition: number;
  readonly applyNextIfUnsuccessful: boolean;
}

export interface CvmList {
  /** In minor units of the application's currency. */
  readonly amountX: number;
  readonly amountY: number;
  readonly rules: readonly CvmRule[];
}

/** Methods by their code (Book 3, table 39). */
export const cvmCodes = Object.freeze({
  fail: 0x00,
  offlinePlainPin: 0x01,
  onlinePin: 0x02,
  offlinePlainPinAndSignature: 0x03,
  offlineEncipheredPin: 0x04,
  offlineEncipheredPinAndSignature: 0x05,
  signature: 0x1e,
  noCvm: 0x1f,
} as const);

const amountsLength = 8;

/** A list without a rule counts as no list at all (Book 3, 10.5). */
export function hasRules(list: Uint8Array): boolean {
  return list.length > amountsLength;
}

/** Parses a cardholder verification method list (tag 8E). Throws `FormatError` for half a rule, or for none. */
export function parseCvmList(list: Uint8Array): CvmList {
  if (!hasRules(list) || list.length % 2 !== 0) {
    throw new FormatError("CVM list", list.length, "two amounts and rules of 2 bytes expected");
  }
  const rules: CvmRule[] = [];
  for (let offset = amountsLength; offset < list.length; offset += 2) {
    const cvm = list[offset]!;
    rules.push({
      cvm,
      code: cvm & 0x3f,
      condition: list[offset + 1]!,
      applyNextIfUnsuccessful: (cvm & 0x40) !== 0,
    });
  }
  return {
    amountX: bytesToInteger(list.subarray(0, 4)),
    amountY: bytesToInteger(list.subarray(4, 8)),
    rules,
  };
}
