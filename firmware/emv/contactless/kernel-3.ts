import { hasBit } from "../results.ts";
import { tags } from "../tags.ts";
import { isDeviceWordGood } from "./device-word.ts";
import type { KernelOutcome, TapVerification } from "./outcome.ts";
import { cardQualifiers, terminalQualifiers } from "./qualifiers.ts";
import { quickTap } from "./quick.ts";
import type { KernelSession } from "./session.ts";

/** Kernel 3 (EMV contactless Book C-3): Visa's qVSDC. Stripe data over the air (MSD) is not taken. */
export function visaKernel(session: KernelSession): Promise<KernelOutcome> {
  return quickTap(session, { signatureVersions: [0x01], verification: visaVerification });
}

/**
 * Cardholder verification (Book C-3, 5.7): what the card's qualifiers ask for and the reader has, in the book's order.
 * Undefined when the reader asks for a method and there is none.
 */
function visaVerification({ data, prepared }: KernelSession): TapVerification | undefined {
  const card = data.fromCard(tags.cardTransactionQualifiers);
  const reader = prepared.qualifiers;
  const canSign = hasBit(reader, terminalQualifiers.signatureSupported);
  if (card === undefined) {
    return prepared.verificationRequired ? withoutQualifiers(reader) : "none";
  }
  const otherwise = prepared.verificationRequired ? undefined : "none";
  if (hasBit(card, cardQualifiers.onlinePinRequired) && hasBit(reader, terminalQualifiers.onlinePinSupported)) {
    return "onlinePin";
  }
  if (hasBit(card, cardQualifiers.deviceVerified)) {
    return isDeviceWordGood(data) ? "device" : undefined;
  }
  if (hasBit(card, cardQualifiers.signatureRequired) && canSign) {
    return "signature";
  }
  return otherwise;
}

/** A card that says nothing (5.7.1.1) is signed for; where nobody can sign, a reader that knows phones asks for the PIN. */
function withoutQualifiers(reader: Uint8Array): TapVerification | undefined {
  if (hasBit(reader, terminalQualifiers.signatureSupported)) {
    return "signature";
  }
  const asksForPin =
    hasBit(reader, terminalQualifiers.onlinePinSupported) &&
    hasBit(reader, terminalQualifiers.deviceVerificationSupported);
  return asksForPin ? "onlinePin" : undefined;
}
