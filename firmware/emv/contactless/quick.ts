import { FormatError } from "../../codec/errors.ts";
import { parseOneTlv } from "../../codec/tlv.ts";
import type { TerminalApplication } from "../application.ts";
import { processingOptionsCommand } from "../commands.ts";
import { checkCryptogram, cryptogramType } from "../cryptogram.ts";
import type { SessionData } from "../data.ts";
import { buildDol } from "../dol.ts";
import { CardError } from "../errors.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import { readRecords } from "../records.ts";
import { hasBit, type ResultBit } from "../results.ts";
import { tags } from "../tags.ts";
import type { TapOutcome, TapVerification } from "./outcome.ts";

const step = "tap";
const statusSeePhone = 0x6986;
const statusOtherInterface: readonly number[] = [0x6984, 0x6985];

/** Terminal transaction qualifiers (9F66; EMV Book C-3, A.2), byte 2. */
const onlineCryptogramRequired = 0x80;
const verificationRequired = 0x40;

/** Card transaction qualifiers (9F6C; EMV Book C-3, A.2). */
const cardWantsOnlinePin: ResultBit = [0, 0x80];
const cardWantsSignature: ResultBit = [0, 0x40];
const deviceVerified: ResultBit = [1, 0x80];

const unionPayKernel = 7;

/**
 * The one-command kernels of Visa (EMV contactless Book C-3) and UnionPay (Book C-7), online only: the answer to GET
 * PROCESSING OPTIONS carries the request cryptogram. The card's elements go into `data`.
 */
export async function quickTap(
  card: CardChannel,
  data: SessionData,
  application: TerminalApplication,
  amount: number,
): Promise<TapOutcome> {
  const needsVerification = amount >= application.contactlessCvmLimit;
  data.set(tags.terminalTransactionQualifiers, qualifiersFor(application.transactionQualifiers, needsVerification));
  const list = data.need(tags.processingOptionsList, step);
  const answer = await exchange(card, processingOptionsCommand(buildDol(list, data.get, step)), step);
  if (answer.status === statusSeePhone) {
    return { kind: "seePhone" };
  }
  if (statusOtherInterface.includes(answer.status)) {
    return { kind: "otherInterface" };
  }
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  takeAnswer(answer.data, data);
  if (data.fromCard(tags.applicationFileLocator) !== undefined) {
    await readRecords(card, data);
  }
  data.need(tags.track2Equivalent, step);
  return cryptogramType(data) === "ARQC"
    ? { kind: "online", application, verification: verificationFor(data, application, needsVerification) }
    : { kind: "declined", application };
}

/** The qualifiers of this transaction: always online, and the holder verified from the limit on. */
export function qualifiersFor(base: Uint8Array, needsVerification: boolean): Uint8Array {
  const qualifiers = base.slice();
  qualifiers[1] = (qualifiers[1] ?? 0) | onlineCryptogramRequired | (needsVerification ? verificationRequired : 0);
  return qualifiers;
}

/** Who verifies the holder (Book C-3, 5.7): the phone if it did, else what the card's qualifiers ask for. */
function verificationFor(data: SessionData, application: TerminalApplication, needed: boolean): TapVerification {
  const qualifiers = data.fromCard(tags.cardTransactionQualifiers);
  if (qualifiers === undefined) {
    if (!needed) {
      return "none";
    }
    return application.kernel === unionPayKernel ? "onlinePin" : "signature";
  }
  if (hasBit(qualifiers, deviceVerified)) {
    return "device";
  }
  if (hasBit(qualifiers, cardWantsOnlinePin)) {
    return "onlinePin";
  }
  if (hasBit(qualifiers, cardWantsSignature)) {
    return "signature";
  }
  return needed ? "onlinePin" : "none";
}

function takeAnswer(response: Uint8Array, data: SessionData): void {
  const template = parseOneTlv(response);
  if (template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "template 77 expected");
  }
  data.takeFromCard(template.children ?? [], step);
  if (data.fromCard(tags.cryptogramInformation) === undefined) {
    data.setFromCard(tags.cryptogramInformation, Uint8Array.of(decisionOf(data)));
  }
  data.need(tags.applicationInterchangeProfile, step);
  checkCryptogram(data);
}

/** Where a card leaves 9F27 out, its decision stands in the card verification results (Book C-3, 5.4.3). */
function decisionOf(data: SessionData): number {
  const issuerData = data.need(tags.issuerApplicationData, step);
  return ((issuerData[4] ?? 0) & 0x30) << 2;
}
