import { inTurnOfItsOwn } from "../turn.ts";
import type { TerminalApplication } from "./application.ts";
import { isConditionMet } from "./cvm-conditions.ts";
import { type CvmRule, cvmCodes, hasRules, parseCvmList } from "./cvm-list.ts";
import type { SessionData } from "./data.ts";
import { type OfflinePin, verifyOfflinePin } from "./offline-pin.ts";
import { clearBit, hasBit, type ResultBit, setStatus, setVerification } from "./results.ts";
import { tags } from "./tags.ts";

/** What the cardholder did at the PIN pad. `bypassed`: ENTER without a digit. */
export type PinAnswer = "entered" | "bypassed" | "cancelled";

/** How the cardholder was verified; `failed`: no method of the card's list worked; `cancelled`: the cardholder gave up. */
export type Verification = "onlinePin" | "signature" | "none" | "failed" | "cancelled";

/** What a card verifies itself. */
export type OfflineVerification = "offlinePin" | "offlinePinAndSignature";

/** A method of a rule: what the terminal needs for it (terminal capabilities, Book 4, annex A2), and how it is done. */
interface Method {
  readonly capabilities: readonly ResultBit[];
  readonly pin?: "online" | "plain" | "enciphered";
  readonly signature?: boolean;
}

const plainPin: ResultBit = [1, 0x80];
const onlinePin: ResultBit = [1, 0x40];
const signature: ResultBit = [1, 0x20];
const encipheredPin: ResultBit = [1, 0x10];
const noVerification: ResultBit = [1, 0x08];

const methods: Readonly<Record<number, Method>> = Object.freeze({
  [cvmCodes.offlinePlainPin]: { capabilities: [plainPin], pin: "plain" },
  [cvmCodes.onlinePin]: { capabilities: [onlinePin], pin: "online" },
  [cvmCodes.offlinePlainPinAndSignature]: { capabilities: [plainPin, signature], pin: "plain", signature: true },
  [cvmCodes.offlineEncipheredPin]: { capabilities: [encipheredPin], pin: "enciphered" },
  [cvmCodes.offlineEncipheredPinAndSignature]: {
    capabilities: [encipheredPin, signature],
    pin: "enciphered",
    signature: true,
  },
  [cvmCodes.signature]: { capabilities: [signature], signature: true },
  [cvmCodes.noCvm]: { capabilities: [noVerification] },
});

const supportsVerification: ResultBit = [0, 0x10];

/**
 * The terminal's capabilities (9F33) as far as they go with an application: its bank may take no PIN.
 * @returns a copy
 */
export function capabilitiesWith({ onlinePin: takesPin }: TerminalApplication, capabilities: Uint8Array): Uint8Array {
  const own = capabilities.slice();
  if (takesPin === false) {
    clearBit(own, onlinePin);
  }
  return own;
}

/** CVM results (tag 9F34), byte 3. */
const outcome = { unknown: 0x00, failed: 0x01, successful: 0x02 } as const;
const noMethod = 0x3f;

/**
 * Cardholder verification (EMV 4.3 Book 3, 10.5): the card's rules in their order, until one holds or one fails
 * without a successor. Sets 9F34, byte 3 of the TVR and the TSI (Book 4, 6.3.4.5).
 * @param askPin asks for a PIN that goes to the issuer; called once at most
 * @param offline how the card checks a PIN; without it offline PIN is not among the terminal's methods
 */
export function verifyCardholder(data: SessionData, askPin: () => Promise<PinAnswer>): Promise<Verification>;
export function verifyCardholder(
  data: SessionData,
  askPin: () => Promise<PinAnswer>,
  offline: OfflinePin,
): Promise<Verification | OfflineVerification>;
export async function verifyCardholder(
  data: SessionData,
  askPin: () => Promise<PinAnswer>,
  offline?: OfflinePin,
): Promise<Verification | OfflineVerification> {
  if (!hasBit(data.fromCard(tags.applicationInterchangeProfile), supportsVerification)) {
    setResults(data, noMethod, 0, outcome.unknown);
    return "none";
  }
  const raw = data.fromCard(tags.cardholderVerificationList);
  if (raw === undefined || !hasRules(raw)) {
    setVerification(data, "dataMissing");
    setResults(data, noMethod, 0, outcome.unknown);
    return "none";
  }
  const list = parseCvmList(raw);
  setStatus(data, "cardholderVerificationPerformed");
  const attempts = new Attempts(data, askPin, offline);
  let performed: CvmRule | undefined;
  for (const rule of list.rules) {
    const method = methods[rule.code];
    const isSupported = method !== undefined && attempts.supports(method);
    if (!isConditionMet(rule, list, data, isSupported || rule.code === cvmCodes.fail)) {
      continue;
    }
    if (isSupported) {
      performed = rule;
      const verification = await attempts.perform(method);
      if (verification === "cancelled") {
        return verification;
      }
      if (verification !== "failed") {
        setResults(data, rule.cvm, rule.condition, resultOf(method));
        return verification;
      }
    } else if (rule.code === cvmCodes.fail) {
      performed = rule;
    } else {
      attempts.noteUnsupported(method);
    }
    if (!rule.applyNextIfUnsuccessful) {
      break;
    }
  }
  setVerification(data, "cardholderVerificationFailed");
  setResults(data, performed?.cvm ?? noMethod, performed?.condition ?? 0, outcome.failed);
  return "failed";
}

/** The terminal does not know whether a signature or an online PIN is right. */
function resultOf(method: Method): number {
  return method.signature === true || method.pin === "online" ? outcome.unknown : outcome.successful;
}

/** The methods as one cardholder goes through them: a PIN that was not given once is not asked for again. */
class Attempts {
  readonly #data: SessionData;
  readonly #askPin: () => Promise<PinAnswer>;
  readonly #offline: OfflinePin | undefined;
  #bypassed = false;

  constructor(data: SessionData, askPin: () => Promise<PinAnswer>, offline: OfflinePin | undefined) {
    this.#data = data;
    this.#askPin = askPin;
    this.#offline = offline;
  }

  /** True when the terminal has all that a method takes. */
  supports({ capabilities, pin }: Method): boolean {
    const needsCard = pin === "plain" || pin === "enciphered";
    return (!needsCard || this.#offline !== undefined) && capabilities.every((bit) => this.#can(bit));
  }

  /** Performs a supported method. Sets the bits of the TVR that a PIN leaves. */
  perform({ pin, signature: signs }: Method): Promise<Verification | OfflineVerification> {
    if (pin === undefined) {
      return Promise.resolve(signs === true ? "signature" : "none");
    }
    if (this.#bypassed) {
      setVerification(this.#data, "pinNotEntered");
      return Promise.resolve("failed");
    }
    return pin === "online" ? this.#performOnline() : this.#performOffline(pin, signs === true);
  }

  /**
   * A method that the terminal lacks (Book 3, 10.5 to 10.5.2). A terminal that has one form of offline PIN counts as one
   * that has offline PIN.
   */
  noteUnsupported(method: Method | undefined): void {
    if (method === undefined) {
      setVerification(this.#data, "unrecognisedVerification");
    } else if (method.pin === "online" ? !this.#can(onlinePin) : method.pin !== undefined && !this.#hasOfflinePin()) {
      setVerification(this.#data, "pinPadMissing");
    }
  }

  async #performOnline(): Promise<Verification> {
    const answer = await this.#askPin();
    if (answer === "entered") {
      setVerification(this.#data, "onlinePinEntered");
      return "onlinePin";
    }
    if (answer === "bypassed") {
      setVerification(this.#data, "pinNotEntered");
      this.#bypassed = true;
      return "failed";
    }
    return answer;
  }

  async #performOffline(form: "plain" | "enciphered", signs: boolean): Promise<Verification | OfflineVerification> {
    const result = await inTurnOfItsOwn(() => verifyOfflinePin(this.#offline!, this.#data, form));
    switch (result) {
      case "verified":
        return signs ? "offlinePinAndSignature" : "offlinePin";
      case "bypassed":
        this.#bypassed = true;
        return "failed";
      default:
        return result;
    }
  }

  #hasOfflinePin(): boolean {
    return this.#offline !== undefined && (this.#can(plainPin) || this.#can(encipheredPin));
  }

  #can(bit: ResultBit): boolean {
    return hasBit(this.#data.get(tags.terminalCapabilities), bit);
  }
}

function setResults(data: SessionData, cvm: number, condition: number, result: number): void {
  data.set(tags.cardholderVerificationResults, Uint8Array.of(cvm, condition, result));
}
