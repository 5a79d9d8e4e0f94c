import { equal } from "../codec/bytes.ts";
import type { SessionData } from "./data.ts";
import { isBefore } from "./dates.ts";
import { hasBit, type ResultBit, setVerification } from "./results.ts";
import { isCash, isCashback, isCashMachine, isPurchase } from "./service.ts";
import { tags } from "./tags.ts";

/** Application usage control (Book 3, annex C2): at home, abroad. */
const usage = {
  cash: [
    [0, 0x80],
    [0, 0x40],
  ],
  purchase: [
    [0, 0x28],
    [0, 0x14],
  ],
  cashback: [
    [1, 0x80],
    [1, 0x40],
  ],
} as const satisfies Record<string, readonly [home: ResultBit, abroad: ResultBit]>;
const validAtCashMachines: ResultBit = [0, 0x02];
const validElsewhere: ResultBit = [0, 0x01];

/** Processing restrictions (Book 3, 10.4): versions, usage and dates. Sets bits of byte 2 of the TVR, nothing else. */
export function checkRestrictions(data: SessionData): void {
  const cardVersion = data.fromCard(tags.cardApplicationVersion);
  const terminalVersion = data.get(tags.terminalApplicationVersion);
  if (cardVersion !== undefined && terminalVersion !== undefined && !equal(cardVersion, terminalVersion)) {
    setVerification(data, "differentVersions");
  }
  if (!isServiceAllowed(data)) {
    setVerification(data, "serviceNotAllowed");
  }
  const today = data.get(tags.transactionDate);
  const effective = data.fromCard(tags.effectiveDate);
  if (today !== undefined && effective !== undefined && isBefore(today, effective)) {
    setVerification(data, "notYetEffective");
  }
  const expiry = data.fromCard(tags.expirationDate);
  if (today !== undefined && expiry !== undefined && isBefore(expiry, today)) {
    setVerification(data, "expired");
  }
}

/**
 * Book 3, 10.4.2. Goods and services are one thing at a till: either permission will do. A refund and a question after the
 * balance are neither, and no permission speaks of them.
 */
function isServiceAllowed(data: SessionData): boolean {
  const control = data.fromCard(tags.applicationUsageControl);
  if (control === undefined) {
    return true;
  }
  if (!hasBit(control, isCashMachine(data) ? validAtCashMachines : validElsewhere)) {
    return false;
  }
  const issuerCountry = data.fromCard(tags.issuerCountryCode);
  const terminalCountry = data.get(tags.terminalCountryCode);
  if (issuerCountry === undefined || terminalCountry === undefined) {
    return true;
  }
  const place = equal(issuerCountry, terminalCountry) ? 0 : 1;
  if (isCash(data)) {
    return hasBit(control, usage.cash[place]);
  }
  const mayBuy = !isPurchase(data) || hasBit(control, usage.purchase[place]);
  return mayBuy && (!isCashback(data) || hasBit(control, usage.cashback[place]));
}
