import { wipe } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { parseOneTlv } from "../../codec/tlv.ts";
import { type CryptogramType, processingOptionsCommand } from "../commands.ts";
import { isContradictory, isDeniedRequest } from "../contradiction.ts";
import { checkCryptogram, cryptogramType } from "../cryptogram.ts";
import type { SessionData } from "../data.ts";
import { isBefore } from "../dates.ts";
import { buildDol, dolAsksFor } from "../dol.ts";
import { CardError } from "../errors.ts";
import { exchange } from "../exchange.ts";
import { checkFormats } from "../formats.ts";
import { readRecords } from "../records.ts";
import { hasBit, type ResultBit } from "../results.ts";
import { tags } from "../tags.ts";
import { verifyFastSignature } from "./fast-authentication.ts";
import type { KernelOutcome, TapVerification } from "./outcome.ts";
import { cardQualifiers, terminalQualifiers } from "./qualifiers.ts";
import type { KernelSession } from "./session.ts";

const step = "tap";
const longestOptions = 252;

/** What a card's refusal of GET PROCESSING OPTIONS means (EMV contactless Book C-3, 5.2.2.2; Book C-7 likewise). */
const refusals: Readonly<Record<number, KernelOutcome>> = Object.freeze({
  27012: { kind: "otherInterface" },
  27013: { kind: "selectNext" },
  27014: { kind: "seePhone" },
});

/** What the two one-command kernels have of their own. */
export interface QuickRules {
  /** Versions of the fast signature that the kernel knows (9F69, first byte). */
  readonly signatureVersions: readonly number[];
  /** How the holder is verified, by what both sides can do; undefined: in no way that would be enough. */
  readonly verification: (session: KernelSession) => TapVerification | undefined;
}

/**
 * A tap by one command: the answer to GET PROCESSING OPTIONS carries the cryptogram and with it the card's decision.
 * What it and the records say goes into `data`.
 */
export async function quickTap(session: KernelSession, rules: QuickRules): Promise<KernelOutcome> {
  const { card, data, application } = session;
  const list = data.fromCard(tags.processingOptionsList);
  if (list === undefined || !dolAsksFor(list, tags.terminalTransactionQualifiers)) {
    return { kind: "selectNext" };
  }
  const wanted = buildDol(list, data.get, step);
  if (wanted.length > longestOptions) {
    throw new CardError("data", step);
  }
  const answer = await exchange(card, processingOptionsCommand(wanted), step);
  if (answer.status !== 0x9000) {
    const refusal = refusals[answer.status];
    if (refusal === undefined) {
      throw new CardError("refusal", step);
    }
    return refusal;
  }
  let said: ReadonlySet<number> | undefined;
  try {
    said = takeAnswer(answer.data, data);
  } finally {
    wipe(answer.data);
  }
  if (said !== undefined) {
    await readRecords(card, data, said);
  }
  checkFormats(data);
  data.need(tags.track2Equivalent, step);
  const decision = await settleDecision(session, rules, cryptogramType(data) ?? "AAC");
  if (decision === "otherInterface") {
    return { kind: "otherInterface" };
  }
  const verification = rules.verification(session);
  if (decision === "AAC" || verification === undefined) {
    return { kind: "declined", application };
  }
  if (decision === "TC" && verification !== "onlinePin") {
    return { kind: "approved", application, verification };
  }
  // Nobody but the host can say whether a PIN is right: an approval with one goes to it (Book C-3, 5.7.1.2).
  return isOnlineCapable(session)
    ? { kind: "online", application, verification, issuerUpdate: takesIssuerUpdate(session) }
    : { kind: "declined", application };
}

function isOnlineCapable({ prepared }: KernelSession): boolean {
  return !hasBit(prepared.qualifiers, terminalQualifiers.offlineOnly);
}

/**
 * What becomes of the card's decision (Book C-3, 5.5 and 5.6): an approval needs a card in date, and then a good fast
 * signature, or goes where the card's qualifiers send it. A request that came with a signature must have a good one too, and
 * is none at a reader that has no host.
 */
async function settleDecision(
  session: KernelSession,
  rules: QuickRules,
  decision: CryptogramType,
): Promise<CryptogramType | "otherInterface"> {
  const { data, prepared, tools } = session;
  const canSwitch = hasBit(prepared.qualifiers, terminalQualifiers.emvChipSupported);
  const hasHost = isOnlineCapable(session);
  const says = (bit: ResultBit): boolean => hasBit(data.fromCard(tags.cardTransactionQualifiers), bit);
  if (decision === "AAC" || (decision === "ARQC" && (!hasHost || isDeniedRequest(data)))) {
    return "AAC";
  }
  if (decision === "ARQC") {
    const isSigned =
      hasBit(prepared.qualifiers, terminalQualifiers.authenticatesOnline) &&
      data.fromCard(tags.signedDynamicData) !== undefined;
    return isSigned && !(await verifyFastSignature(session, rules.signatureVersions)) ? "AAC" : "ARQC";
  }
  if (hasBit(prepared.qualifiers, terminalQualifiers.onlineCryptogramRequired) || isContradictory(data, "first")) {
    return "AAC"; // a card that approves what it was to send online, or says in its results that it does not approve
  }
  if (tools.isReported(data)) {
    return "AAC";
  }
  if (isExpired(data)) {
    return says(cardQualifiers.onlineIfExpired) && hasHost ? "ARQC" : "AAC";
  }
  if (!(await verifyFastSignature(session, rules.signatureVersions))) {
    if (says(cardQualifiers.onlineIfAuthenticationFails) && hasHost) {
      return "ARQC";
    }
    return says(cardQualifiers.switchIfAuthenticationFails) && canSwitch ? "otherInterface" : "AAC";
  }
  return "TC";
}

/** A card that does not say until when it is good is not. */
function isExpired(data: SessionData): boolean {
  const expiry = data.fromCard(tags.expirationDate);
  const today = data.get(tags.transactionDate);
  if (expiry?.length !== 3 || today?.length !== 3) {
    return true;
  }
  return isBefore(expiry, today);
}

/** Both sides can hand the issuer's answer to the card in a second tap (Book C-3, issuer update processing). */
function takesIssuerUpdate({ data, prepared }: KernelSession): boolean {
  return (
    hasBit(prepared.qualifiers, terminalQualifiers.issuerUpdateSupported) &&
    hasBit(data.fromCard(tags.cardTransactionQualifiers), cardQualifiers.issuerUpdateSupported)
  );
}

/**
 * @returns for a card that has records the elements that it said so: one that a record says otherwise (Book C-3, 5.4.2) is
 *   no card's
 */
function takeAnswer(response: Uint8Array, data: SessionData): ReadonlySet<number> | undefined {
  const template = parseOneTlv(response);
  if (template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "template 77 expected");
  }
  const elements = template.children ?? [];
  data.takeFromCard(elements, step);
  if (data.fromCard(tags.cryptogramInformation) === undefined) {
    data.setFromCard(tags.cryptogramInformation, Uint8Array.of(decisionOf(data)));
  }
  data.need(tags.applicationInterchangeProfile, step);
  checkCryptogram(data);
  if (data.fromCard(tags.applicationFileLocator) === undefined) {
    return undefined;
  }
  return new Set(elements.filter(({ children }) => children === undefined).map(({ tag }) => tag));
}

/** Where a card leaves 9F27 out, its decision stands in the card verification results (Book C-3, 5.4.3). */
function decisionOf(data: SessionData): number {
  const issuerData = data.need(tags.issuerApplicationData, step);
  return ((issuerData[4] ?? 0) & 0x30) << 2;
}
