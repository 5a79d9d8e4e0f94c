import { FormatError } from "../../codec/errors.ts";
import { analyseActions, isOfflineOnly } from "../analysis.ts";
import { verifyCardholder } from "../cardholder.ts";
import { processingOptionsCommand } from "../commands.ts";
import type { SessionData } from "../data.ts";
import { buildDol } from "../dol.ts";
import { CardError } from "../errors.ts";
import { exchange } from "../exchange.ts";
import { checkFormats } from "../formats.ts";
import { takeProcessingOptions } from "../initiate.ts";
import { authenticateOffline } from "../oda/authenticate.ts";
import { namesProfileAlone } from "../oda/static.ts";
import { readRecords } from "../records.ts";
import { checkRestrictions } from "../restrictions.ts";
import { hasBit, type ResultBit, setVerification } from "../results.ts";
import { tags } from "../tags.ts";
import { type FirstCryptogram, requestCryptogram } from "./kernel-2-cryptogram.ts";
import type { KernelOutcome, TapVerification } from "./outcome.ts";
import { relaySettings, resistRelay, withoutRelay } from "./relay-resistance.ts";
import type { KernelSession } from "./session.ts";
import { tapTags } from "./tap-tags.ts";

const step = "tap";
const statusSeePhone = 0x6986;

/** Application interchange profile (Book C-2, annex A). */
const deviceVerification: ResultBit = [0, 0x02];
const combinedAuthentication: ResultBit = [0, 0x01];
const emvMode: ResultBit = [1, 0x80];

/** Kernel configuration (Book C-2, annex A, DF811B): what of this kernel an acquirer wants. Stripe mode it never has. */
const onDevice: ResultBit = [0, 0x20];
const relayResistance: ResultBit = [0, 0x10];
const wholeConfiguration = 0xb4;

/**
 * Terminal capabilities (9F33), byte 2: DF8119, no verification, and DF8118, online PIN and signature, for no card may go
 * without above the limit; byte 3 (DF811F): CDA.
 */
const capabilitiesBelowLimit = 0x08;
const capabilitiesAboveLimit = 0x60;
const securityCapability = 0x08;

/**
 * Terminal risk management data (9F1D): online PIN, signature, none and the device's own by contactless; online PIN,
 * signature and none by chip; no stripe mode. The limit's bit comes on top.
 */
const riskManagementData = Object.freeze([0x6c, 0x68, 0x80, 0, 0, 0, 0, 0] as const);
const verificationLimitExceeded = 0x80;

const plainPinOnDevice = 0x01;
const noMethod = 0x3f;
const successful = 0x02;

/** Elements without which kernel 2 does not go on (Book C-2, S456.16). */
const mandatory: readonly number[] = [tags.expirationDate, tags.primaryAccountNumber, tags.cardRiskManagementList1];

/**
 * Kernel 2 (EMV contactless Book C-2), EMV mode: relay resistance, records, CDA at the one GENERATE AC, verification by
 * the phone, and the end of a tap that broke off. An approval without the host is asked for with a combined signature
 * only, and never where the host has to check a PIN. A phone whose key is not good is asked for a refusal: its word is all
 * that says its owner was verified (S456, GAC.20 to GAC.23).
 */
export async function masterCardKernel(session: KernelSession): Promise<KernelOutcome> {
  const { card, data, application, amount, tools } = session;
  const configuration = Uint8Array.of(application.kernelConfiguration ?? wholeConfiguration);
  const needed = amount > application.contactlessCvmLimit;
  describeTerminal(data, needed);
  const processing = await startProcessing(session);
  if (typeof processing === "string") {
    return { kind: processing };
  }
  const relay = hasBit(configuration, relayResistance)
    ? await resistRelay(card, data, relaySettings(application.relaySettings), tools)
    : withoutRelay(data);
  await readRecords(card, data);
  checkFormats(data);
  const byDevice =
    hasBit(configuration, onDevice) && hasBit(data.fromCard(tags.applicationInterchangeProfile), deviceVerification);
  if (amount > (byDevice ? application.contactlessDeviceLimit : application.contactlessLimit)) {
    return { kind: "selectNext" };
  }
  checkCardData(data);
  checkRestrictions(data);
  const verification = byDevice ? verifiedByDevice(data, needed) : await verify(data);
  if (session.prepared.floorLimitExceeded) {
    setVerification(data, "floorLimitExceeded");
  }
  if (tools.forceOnline) {
    setVerification(data, "forcedOnline");
  }
  if (tools.isReported(data)) {
    setVerification(data, "onExceptionFile");
  }
  const { cardKey, fault } = await authenticateOffline({ card, data, keys: tools.keys });
  const isAuthentic = cardKey !== undefined && fault === undefined;
  const isUnknownDevice = byDevice && !isAuthentic && signsCryptograms(data);
  const analysed = isUnknownDevice ? "AAC" : analyseActions(data, application.actionCodes);
  const instead = hasNoHost(data) ? "AAC" : "ARQC";
  const wanted = analysed === "TC" && (!isAuthentic || verification === "onlinePin") ? instead : analysed;
  const answer = await requestCryptogram(session, {
    wanted,
    verification,
    signing: isAuthentic && wanted !== "AAC" ? { cardKey, relay } : undefined,
    processing,
  });
  return outcomeOf(session, answer);
}

/**
 * Data without which kernel 2 does not go on (Book C-2, S456.16), and for a card whose cryptogram is to be signed a list
 * of what else is signed that names the profile alone (S456.24 to S456.27). Throws `CardError`, `FormatError`.
 */
function checkCardData(data: SessionData): void {
  for (const tag of mandatory) {
    data.need(tag, step);
  }
  if (signsCryptograms(data) && !namesProfileAlone(data.fromCard(tags.staticDataTagList))) {
    throw new FormatError(step, 0, "the profile's tag expected in 9f4a");
  }
}

function signsCryptograms(data: SessionData): boolean {
  return hasBit(data.fromCard(tags.applicationInterchangeProfile), combinedAuthentication);
}

/** What kernel 2 says of the terminal, which depends on the amount. */
function describeTerminal(data: SessionData, needsVerification: boolean): void {
  const capabilities = data.need(tags.terminalCapabilities, step).slice();
  capabilities[1] = (capabilities[1] ?? 0) & (needsVerification ? capabilitiesAboveLimit : capabilitiesBelowLimit);
  capabilities[2] = securityCapability;
  data.set(tags.terminalCapabilities, capabilities);
  const riskData = Uint8Array.from(riskManagementData);
  riskData[1] = riskManagementData[1] | (needsVerification ? verificationLimitExceeded : 0);
  data.set(tapTags.terminalRiskManagementData, riskData);
}

/**
 * GET PROCESSING OPTIONS (Book C-2, S3): a card that refuses is left for its next application, one without EMV mode is
 * no card for this terminal.
 * @returns the values that were sent by the processing options list
 */
async function startProcessing({ card, data }: KernelSession): Promise<Uint8Array | "selectNext" | "seePhone"> {
  const list = data.fromCard(tags.processingOptionsList);
  const wanted = list === undefined ? new Uint8Array(0) : buildDol(list, data.get, "processing options list");
  if (wanted.length > 252) {
    throw new CardError("data", step);
  }
  const answer = await exchange(card, processingOptionsCommand(wanted), step);
  if (answer.status !== 0x9000) {
    return answer.status === statusSeePhone ? "seePhone" : "selectNext";
  }
  takeProcessingOptions(answer.data, data);
  data.need(tags.applicationFileLocator, step);
  if (!hasBit(data.need(tags.applicationInterchangeProfile, step), emvMode)) {
    throw new CardError("refusal", step);
  }
  return wanted;
}

/** CVM selection for a device that verifies its owner (Book C-2, 7.5). */
function verifiedByDevice(data: SessionData, needed: boolean): TapVerification {
  data.set(tags.cardholderVerificationResults, Uint8Array.of(needed ? plainPinOnDevice : noMethod, 0x00, successful));
  return needed ? "device" : "none";
}

/** CVM selection by the card's list (Book C-2, 7.5); the PIN is asked for after the card has left. */
async function verify(data: SessionData): Promise<TapVerification> {
  const method = await verifyCardholder(data, () => Promise.resolve("entered"));
  return method === "onlinePin" || method === "signature" ? method : "none";
}

function hasNoHost(data: SessionData): boolean {
  return isOfflineOnly(data.get(tags.terminalType)?.[0] ?? 0);
}

/** Bits of the POS cardholder interaction information that send the holder to the phone (Book C-2, S910). */
const phoneMessages = 0x00030f;

function outcomeOf({ data, application }: KernelSession, answer: FirstCryptogram): KernelOutcome {
  if (answer.kind === "ARQC" && !hasNoHost(data)) {
    return { kind: "online", application, verification: answer.verification, issuerUpdate: false };
  }
  if (answer.kind === "TC") {
    return { kind: "approved", application, verification: answer.verification };
  }
  const interaction = data.fromCard(tapTags.cardholderInteraction);
  if (interaction?.length === 3) {
    const bits = (interaction[0]! << 16) | (interaction[1]! << 8) | interaction[2]!;
    if ((bits & phoneMessages) !== 0) {
      return { kind: "seePhone" };
    }
  }
  return { kind: "declined", application };
}
