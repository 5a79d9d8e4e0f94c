import type { TerminalApplication } from "../application.ts";
import { verifyCardholder } from "../cardholder.ts";
import { decideOnline } from "../contact.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import type { CardChannel } from "../exchange.ts";
import { initiateProcessing } from "../initiate.ts";
import { readApplicationData } from "../records.ts";
import { checkRestrictions } from "../restrictions.ts";
import { hasBit, type ResultBit, setVerification } from "../results.ts";
import { tags } from "../tags.ts";
import type { TapOutcome, TapVerification } from "./outcome.ts";

const supportsDeviceVerification: ResultBit = [0, 0x02];
const plainPinOnDevice = 0x01;
const noMethod = 0x3f;
const successful = 0x02;

/** Terminal capabilities (9F33), byte 2: no verification at all, or online PIN, signature and none. */
const capabilitiesBelowLimit = 0x08;
const capabilitiesFromLimit = 0x68;

/**
 * A tap in EMV mode (EMV contactless Book C-2), online only: the contact steps with one cryptogram and no second word of
 * the card. The PIN is asked for after the card has left.
 */
export async function emvModeTap(
  card: CardChannel,
  data: SessionData,
  application: TerminalApplication,
  amount: number,
): Promise<TapOutcome> {
  const needsVerification = amount >= application.contactlessCvmLimit;
  const capabilities = data.need(tags.terminalCapabilities, "tap").slice();
  capabilities[1] = needsVerification ? capabilitiesFromLimit : capabilitiesBelowLimit;
  data.set(tags.terminalCapabilities, capabilities);
  if ((await initiateProcessing(card, data)) === "again") {
    return { kind: "otherInterface" };
  }
  await readApplicationData(card, data);
  setVerification(data, "offlineAuthenticationNotPerformed");
  checkRestrictions(data);
  const verification = await verify(data, needsVerification);
  setVerification(data, "floorLimitExceeded");
  const decision = await decideOnline(card, data, application);
  return decision === "online" ? { kind: "online", application, verification } : { kind: "declined", application };
}

/** CVM selection (Book C-2, 7.5): the phone that can, verifies; else the card's list. */
async function verify(data: SessionData, needed: boolean): Promise<TapVerification> {
  if (hasBit(data.fromCard(tags.applicationInterchangeProfile), supportsDeviceVerification)) {
    data.set(tags.cardholderVerificationResults, Uint8Array.of(needed ? plainPinOnDevice : noMethod, 0x00, successful));
    return needed ? "device" : "none";
  }
  const method = await verifyCardholder(data, () => Promise.resolve("entered"));
  switch (method) {
    case "onlinePin":
    case "signature":
      return method;
    case "none":
    case "failed": // the TVR says so: the action codes and the issuer decide
      return "none";
    case "cancelled":
      throw new CardError("data", "tap");
  }
}
