import { hasBit } from "../results.ts";
import { tags } from "../tags.ts";
import { isDeviceWordGood } from "./device-word.ts";
import type { KernelOutcome, TapVerification } from "./outcome.ts";
import { cardQualifiers, terminalQualifiers } from "./qualifiers.ts";
import { quickTap } from "./quick.ts";
import type { KernelSession } from "./session.ts";

/** Kernel 7 (EMV contactless Book C-7): UnionPay's qUICS. */
export function unionPayKernel(session: KernelSession): Promise<KernelOutcome> {
  return quickTap(session, { signatureVersions: [0x00, 0x01], verification: unionPayVerification });
}

/**
 * Cardholder verification (Book C-7, 3.7): small amounts without PIN or signature, where the acquirer has agreed to
 * that; else the phone if it verified its owner, else what the card asks for; and the PIN of cards that ask for nothing
 * where the reader must.
 */
function unionPayVerification({ data, prepared, application, amount }: KernelSession): TapVerification | undefined {
  const card = data.fromCard(tags.cardTransactionQualifiers);
  const reader = prepared.qualifiers;
  const isSmall = !prepared.verificationRequired && amount < application.smallAmountLimit;
  if (hasBit(card, cardQualifiers.deviceVerified)) {
    return isDeviceWordGood(data) ? "device" : undefined;
  }
  if (isSmall) {
    return "none";
  }
  const canAskPin = hasBit(reader, terminalQualifiers.onlinePinSupported);
  const canSign = hasBit(reader, terminalQualifiers.signatureSupported);
  if (hasBit(card, cardQualifiers.onlinePinRequired) && canAskPin) {
    return "onlinePin";
  }
  if (hasBit(card, cardQualifiers.signatureRequired) && canSign) {
    return "signature";
  }
  if (!prepared.verificationRequired) {
    return "none";
  }
  if (canAskPin) {
    return "onlinePin";
  }
  return canSign ? "signature" : undefined;
}
