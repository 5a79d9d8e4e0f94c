import type { ResultBit } from "../results.ts";

/** Terminal transaction qualifiers (9F66; EMV contactless Book A, 5.7, table 5-4): byte from 0, mask. */
export const terminalQualifiers = Object.freeze({
  emvChipSupported: [0, 0x10],
  offlineOnly: [0, 0x08],
  onlinePinSupported: [0, 0x04],
  signatureSupported: [0, 0x02],
  authenticatesOnline: [0, 0x01],
  onlineCryptogramRequired: [1, 0x80],
  verificationRequired: [1, 0x40],
  issuerUpdateSupported: [2, 0x80],
  deviceVerificationSupported: [2, 0x40],
} as const satisfies Record<string, ResultBit>);

/** Card transaction qualifiers (9F6C; EMV contactless Book C-3, annex A.2; Book C-7, annex A). */
export const cardQualifiers = Object.freeze({
  onlinePinRequired: [0, 0x80],
  signatureRequired: [0, 0x40],
  onlineIfAuthenticationFails: [0, 0x20],
  switchIfAuthenticationFails: [0, 0x10],
  onlineIfExpired: [0, 0x08],
  deviceVerified: [1, 0x80],
  issuerUpdateSupported: [1, 0x40],
} as const satisfies Record<string, ResultBit>);

/** Sets a bit in place. */
export function setQualifier(value: Uint8Array, [byte, mask]: ResultBit): void {
  value[byte] = (value[byte] ?? 0) | mask;
}
