import { bytesToInteger, equal } from "../codec/bytes.ts";
import type { CvmList, CvmRule } from "./cvm-list.ts";
import type { SessionData } from "./data.ts";
import { isCash, isCashback, isCashMachine } from "./service.ts";
import { tags } from "./tags.ts";

type Condition = (data: SessionData, list: CvmList) => boolean;

const isUnattendedCash: Condition = (data) => isCashMachine(data) && isCash(data);
const isManualCash: Condition = (data) => isCash(data) && !isCashMachine(data);

/** Conditions by their code (EMV 4.3 Book 3, table 40), but "if the terminal supports the method". */
const conditions: Readonly<Record<number, Condition>> = Object.freeze({
  0: () => true,
  1: isUnattendedCash,
  2: (data) => !isCash(data) && !isCashback(data),
  4: isManualCash,
  5: isCashback,
  6: (data, { amountX }) => isInCardCurrency(data) && amount(data) < amountX,
  7: (data, { amountX }) => isInCardCurrency(data) && amount(data) > amountX,
  8: (data, { amountY }) => isInCardCurrency(data) && amount(data) < amountY,
  9: (data, { amountY }) => isInCardCurrency(data) && amount(data) > amountY,
});
const ifSupported = 3;

/** Whether a rule applies. A condition that is unknown, or whose data the card lacks, is not met (Book 3, 10.5). */
export function isConditionMet(rule: CvmRule, list: CvmList, data: SessionData, isSupported: boolean): boolean {
  return rule.condition === ifSupported ? isSupported : (conditions[rule.condition]?.(data, list) ?? false);
}

function isInCardCurrency(data: SessionData): boolean {
  const currency = data.fromCard(tags.cardCurrencyCode);
  const ours = data.get(tags.transactionCurrencyCode);
  return currency !== undefined && ours !== undefined && equal(currency, ours);
}

function amount(data: SessionData): number {
  return bytesToInteger(data.get(tags.amountBinary) ?? new Uint8Array(0));
}
