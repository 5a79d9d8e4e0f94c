import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** A bit of a result: byte from 0, mask. */
export type ResultBit = readonly [byte: number, mask: number];

/** Terminal verification results (EMV 4.3 Book 3, annex C5). */
export const verificationBits = Object.freeze({
  offlineAuthenticationNotPerformed: [0, 0x80],
  staticAuthenticationFailed: [0, 0x40],
  dataMissing: [0, 0x20],
  onExceptionFile: [0, 0x10],
  dynamicAuthenticationFailed: [0, 0x08],
  combinedAuthenticationFailed: [0, 0x04],
  staticAuthenticationSelected: [0, 0x02],
  differentVersions: [1, 0x80],
  expired: [1, 0x40],
  notYetEffective: [1, 0x20],
  serviceNotAllowed: [1, 0x10],
  newCard: [1, 0x08],
  cardholderVerificationFailed: [2, 0x80],
  unrecognisedVerification: [2, 0x40],
  pinTriesExceeded: [2, 0x20],
  pinPadMissing: [2, 0x10],
  pinNotEntered: [2, 0x08],
  onlinePinEntered: [2, 0x04],
  floorLimitExceeded: [3, 0x80],
  lowerLimitExceeded: [3, 0x40],
  upperLimitExceeded: [3, 0x20],
  selectedRandomly: [3, 0x10],
  forcedOnline: [3, 0x08],
  defaultListUsed: [4, 0x80],
  issuerAuthenticationFailed: [4, 0x40],
  scriptFailedBefore: [4, 0x20],
  scriptFailedAfter: [4, 0x10],
  /** The last four are kernel 2's alone (EMV contactless Book C-2, annex A). */
  relayThresholdExceeded: [4, 0x08],
  relayTimeLimitsExceeded: [4, 0x04],
  relayResistancePerformed: [4, 0x02],
  relayResistanceNotPerformed: [4, 0x01],
} as const satisfies Record<string, ResultBit>);

/** Transaction status information (Book 3, annex C6). */
export const statusBits = Object.freeze({
  offlineAuthenticationPerformed: [0, 0x80],
  cardholderVerificationPerformed: [0, 0x40],
  cardRiskManagementPerformed: [0, 0x20],
  issuerAuthenticationPerformed: [0, 0x10],
  terminalRiskManagementPerformed: [0, 0x08],
  scriptPerformed: [0, 0x04],
} as const satisfies Record<string, ResultBit>);

/** Clears a bit in place. */
export function clearBit(value: Uint8Array, [byte, mask]: ResultBit): void {
  value[byte] = (value[byte] ?? 0) & ~mask;
}

/** Sets a bit of the terminal verification results (tag 95). */
export function setVerification(data: SessionData, bit: keyof typeof verificationBits): void {
  setBit(data, tags.terminalVerificationResults, verificationBits[bit]);
}

/** Clears a bit of the terminal verification results, where the standard says so. */
export function clearVerification(data: SessionData, bit: keyof typeof verificationBits): void {
  const value = data.get(tags.terminalVerificationResults);
  if (value !== undefined) {
    clearBit(value, verificationBits[bit]);
  }
}

/** Sets a bit of the transaction status information (tag 9B). */
export function setStatus(data: SessionData, bit: keyof typeof statusBits): void {
  setBit(data, tags.transactionStatusInformation, statusBits[bit]);
}

/** True when a bit of an element is set; missing bytes count as zero. */
export function hasBit(value: Uint8Array | undefined, [byte, mask]: ResultBit): boolean {
  return ((value?.[byte] ?? 0) & mask) !== 0;
}

function setBit(data: SessionData, tag: number, [byte, mask]: ResultBit): void {
  const value = data.get(tag);
  if (value !== undefined) {
    value[byte] = (value[byte] ?? 0) | mask;
  }
}
