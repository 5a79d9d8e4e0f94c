import type { SessionData } from "./data.ts";
import { hasBit, type ResultBit } from "./results.ts";
import { tags } from "./tags.ts";

/** Terminal types that are cash machines when they give cash (EMV 4.3 Book 4, annex A1). */
const unattendedBankTypes: readonly number[] = [0x14, 0x15, 0x16];
const terminalGivesCash: ResultBit = [0, 0x80];

/** Transaction types (ISO 8583 processing code) that are cash, and the one that is a purchase with cash back. */
const cashTypes: readonly number[] = [0x01, 0x17];
const cashbackType = 0x09;
/** A reservation buys what it holds the money for. */
const purchaseTypes: readonly number[] = [0x00, 0x03, cashbackType];

/** Cash and nothing else. */
export function isCash(data: SessionData): boolean {
  return cashTypes.includes(transactionType(data));
}

/** Goods or services, with or without cash back: no refund and no balance. */
export function isPurchase(data: SessionData): boolean {
  return purchaseTypes.includes(transactionType(data));
}

/** A purchase with cash back. */
export function isCashback(data: SessionData): boolean {
  return transactionType(data) === cashbackType;
}

/** An unattended terminal of a bank that gives cash. */
export function isCashMachine(data: SessionData): boolean {
  const type = data.get(tags.terminalType)?.[0] ?? 0;
  return unattendedBankTypes.includes(type) && hasBit(data.get(tags.additionalCapabilities), terminalGivesCash);
}

function transactionType(data: SessionData): number {
  return data.get(tags.transactionType)?.[0] ?? 0;
}
