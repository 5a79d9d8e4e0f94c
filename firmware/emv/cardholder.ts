import { bytesToInteger, equal } from "../codec/bytes.ts";
import { type CvmList, type CvmRule, cvmCodes, parseCvmList } from "./cvm-list.ts";
import type { SessionData } from "./data.ts";
import { hasBit, type ResultBit, setStatus, setVerification } from "./results.ts";
import { tags } from "./tags.ts";

/** What the cardholder did at the PIN pad. `bypassed`: ENTER without a digit. */
export type PinAnswer = "entered" | "bypassed" | "cancelled";

/** How the cardholder was verified; `failed`: no method of the card's list worked; `cancelled`: the cardholder gave up. */
export type Verification = "onlinePin" | "signature" | "none" | "failed" | "cancelled";

const supportsVerification: ResultBit = [0, 0x10];

/** Terminal capabilities (EMV 4.3 Book 4, annex A2), byte 2, by method. */
const capabilityBits: Readonly<Record<number, ResultBit>> = {
  [cvmCodes.onlinePin]: [1, 0x40],
  [cvmCodes.signature]: [1, 0x20],
  [cvmCodes.noCvm]: [1, 0x08],
};
const offlinePinCodes: readonly number[] = [
  cvmCodes.offlinePlainPin,
  cvmCodes.offlinePlainPinAndSignature,
  cvmCodes.offlineEncipheredPin,
  cvmCodes.offlineEncipheredPinAndSignature,
];

/** CVM results (tag 9F34), byte 3. */
const outcome = { unknown: 0x00, failed: 0x01, successful: 0x02 } as const;
const noMethod = 0x3f;

/**
 * Cardholder verification (EMV 4.3 Book 3, 10.5): the card's rules in their order, until one holds or one fails
 * without a successor. Offline PIN is not among this terminal's methods, so such rules fail and the list goes on.
 * Sets 9F34, byte 3 of the TVR and the TSI.
 * @param askPin asks for a PIN that goes to the issuer; called once at most
 */
export async function verifyCardholder(data: SessionData, askPin: () => Promise<PinAnswer>): Promise<Verification> {
  if (!hasBit(data.fromCard(tags.applicationInterchangeProfile), supportsVerification)) {
    setResults(data, noMethod, 0, outcome.unknown);
    return "none";
  }
  const raw = data.fromCard(tags.cardholderVerificationList);
  const list = raw === undefined ? undefined : parseCvmList(raw);
  if (list === undefined || list.rules.length === 0) {
    setVerification(data, "dataMissing");
    setResults(data, noMethod, 0, outcome.unknown);
    return "none";
  }
  setStatus(data, "cardholderVerificationPerformed");
  let performed: CvmRule | undefined;
  let bypassed = false;
  for (const rule of list.rules) {
    if (!isConditionMet(rule, list, data)) {
      continue;
    }
    if (isSupported(rule, data)) {
      performed = rule;
      if (rule.code === cvmCodes.signature || rule.code === cvmCodes.noCvm) {
        const isSignature = rule.code === cvmCodes.signature;
        setResults(data, rule.cvm, rule.condition, isSignature ? outcome.unknown : outcome.successful);
        return isSignature ? "signature" : "none";
      }
      const answer: PinAnswer = bypassed ? "bypassed" : await askPin();
      if (answer === "cancelled") {
        return "cancelled";
      }
      if (answer === "entered") {
        setVerification(data, "onlinePinEntered");
        setResults(data, rule.cvm, rule.condition, outcome.unknown);
        return "onlinePin";
      }
      bypassed = true;
      setVerification(data, "pinNotEntered");
    } else if (rule.code === cvmCodes.fail) {
      performed = rule;
    } else {
      noteUnsupported(rule, data);
    }
    if (!rule.applyNextIfUnsuccessful) {
      break;
    }
  }
  setVerification(data, "cardholderVerificationFailed");
  setResults(data, performed?.cvm ?? noMethod, performed?.condition ?? 0, outcome.failed);
  return "failed";
}

/** Book 3, table 40. A condition that is unknown, or whose data the card lacks, is not met. */
function isConditionMet(rule: CvmRule, list: CvmList, data: SessionData): boolean {
  const { amountX, amountY } = list;
  switch (rule.condition) {
    case 0x00:
    case 0x02: // neither cash nor cash back: this terminal sells
      return true;
    case 0x03:
      return isSupported(rule, data);
    case 0x06:
      return isInCardCurrency(data) && amount(data) < amountX;
    case 0x07:
      return isInCardCurrency(data) && amount(data) > amountX;
    case 0x08:
      return isInCardCurrency(data) && amount(data) < amountY;
    case 0x09:
      return isInCardCurrency(data) && amount(data) > amountY;
    default:
      return false;
  }
}

function isSupported(rule: CvmRule, data: SessionData): boolean {
  const bit = capabilityBits[rule.code];
  return bit !== undefined && hasBit(data.get(tags.terminalCapabilities), bit);
}

function noteUnsupported(rule: CvmRule, data: SessionData): void {
  if (rule.code === cvmCodes.onlinePin || offlinePinCodes.includes(rule.code)) {
    setVerification(data, "pinPadMissing");
  } else if (capabilityBits[rule.code] === undefined) {
    setVerification(data, "unrecognisedVerification");
  }
}

function isInCardCurrency(data: SessionData): boolean {
  const currency = data.fromCard(tags.cardCurrencyCode);
  const ours = data.get(tags.transactionCurrencyCode);
  return currency !== undefined && ours !== undefined && equal(currency, ours);
}

function amount(data: SessionData): number {
  return bytesToInteger(data.get(tags.amountBinary) ?? new Uint8Array(0));
}

function setResults(data: SessionData, cvm: number, condition: number, result: number): void {
  data.set(tags.cardholderVerificationResults, Uint8Array.of(cvm, condition, result));
}
