import { equal, integerToBytes } from "../codec/bytes.ts";
import { asciiToBytes } from "../codec/text.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { analyseActions, isOfflineOnly } from "./analysis.ts";
import type { TerminalApplication } from "./application.ts";
import { buildCandidateList, type Candidate, selectionRequired } from "./candidates.ts";
import { capabilitiesWith } from "./cardholder.ts";
import { completeWithCard } from "./completion.ts";
import { generateCryptogram } from "./cryptogram.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import type { CardChannel } from "./exchange.ts";
import { initiateProcessing } from "./initiate.ts";
import { asksForSignature } from "./oda/combined.ts";
import { readApplicationData } from "./records.ts";
import { setVerification } from "./results.ts";
import { selectApplication } from "./select.ts";
import { tags } from "./tags.ts";

/** The questions that a contact session asks the terminal. Each may throw to end the session. */
export interface ContactQuestions {
  /** Which of several applications the cardholder wants: its index. Also asked about a single one that must be confirmed. */
  readonly choose: (candidates: readonly Candidate[]) => Promise<number>;
  /** Called before the card hears of the transaction: `data` is then complete for its processing options list. */
  readonly beforeProcessing: (application: TerminalApplication) => Promise<void>;
}

/**
 * A contact card from its reset to its data (EMV 4.3 Book 1, 12; Book 3, 10.1 and 10.2): one application is selected and
 * started, and all its records are in `data`. An application that the card takes back (6985) or that does not answer
 * well to SELECT is left out and the next one is tried.
 * @returns the terminal's side of the selected application
 */
export async function openContactCard(
  card: CardChannel,
  data: SessionData,
  applications: readonly TerminalApplication[],
  questions: ContactQuestions,
): Promise<TerminalApplication> {
  const terminalType = data.get(tags.terminalType)?.[0];
  const capabilities = data.get(tags.terminalCapabilities) ?? new Uint8Array(3);
  let candidates = await buildCandidateList(card, applications);
  let isBlocked = false;
  while (candidates.length > 0) {
    const index = selectionRequired(candidates) ? await questions.choose(candidates) : 0;
    const candidate = candidates[index]!;
    candidates = candidates.filter((other) => other !== candidate);
    const application = applications.find((known) => equal(known.aid, candidate.supported))!;
    const selection = await selectApplication(card, candidate, data);
    isBlocked ||= selection === "blocked";
    if (selection !== "selected") {
      continue;
    }
    data.set(tags.terminalApplicationVersion, application.version);
    data.set(tags.floorLimit, integerToBytes(Math.min(application.floorLimit, 0xffffffff), 4));
    data.set(tags.terminalCapabilities, capabilitiesWith(application, capabilities));
    const type = application.terminalType ?? terminalType;
    if (type !== undefined) {
      data.set(tags.terminalType, Uint8Array.of(type));
    }
    await questions.beforeProcessing(application);
    if ((await initiateProcessing(card, data)) === "ready") {
      await readApplicationData(card, data);
      return application;
    }
  }
  throw new CardError(isBlocked ? "applicationBlocked" : "noApplication", "select application");
}

/** Authorisation response codes of what is decided before the host is asked (Book 4, annex A6). */
const offlineCodes = Object.freeze({ TC: "Y1", AAC: "Z1" } as const);

/** The card's first word: ask the host, or what it has decided itself. */
export type FirstWord = "online" | "approved" | "declined";

/**
 * Terminal action analysis and the first GENERATE AC (Book 3, 10.7 and 10.8). A card may lower what it is asked for, never
 * raise it. An answer whose combined signature is bad is worth nothing (Book 2, 6.6.2): an approval is declined, and a card
 * that asked for its issuer is told so at once. A terminal without a host cannot ask it, and completes with the card as
 * one that could not reach it (Book 4, 12.2.1).
 * @param cardKey signs cryptograms where the application's mode asks for it; undefined: no combined authentication
 */
export async function decideFirst(
  card: CardChannel,
  data: SessionData,
  { actionCodes, combinedMode }: TerminalApplication,
  cardKey?: RsaPublicKey,
): Promise<FirstWord> {
  const wanted = analyseActions(data, actionCodes);
  const isSigned = cardKey !== undefined && asksForSignature(combinedMode, "first", wanted);
  if (wanted !== "ARQC") {
    setResponseCode(data, offlineCodes[wanted]);
  } else if (cardKey !== undefined && !isSigned) {
    setVerification(data, "offlineAuthenticationNotPerformed"); // until a later cryptogram is signed
  }
  const given = await generateCryptogram(card, data, "first", wanted, isSigned ? cardKey : undefined);
  if (given.isGenuine && given.type === "ARQC") {
    if (!isOfflineOnly(data.get(tags.terminalType)?.[0] ?? 0)) {
      return "online";
    }
    const context = { actionCodes, combinedMode, cardKey: isSigned ? cardKey : undefined };
    return (await completeWithCard(card, data, { kind: "unreachable" }, context)) === "TC" ? "approved" : "declined";
  }
  if (given.isGenuine && given.type === "TC") {
    return "approved";
  }
  setResponseCode(data, offlineCodes.AAC);
  if (given.type === "ARQC") {
    await generateCryptogram(card, data, "second", "AAC");
  }
  return "declined";
}

function setResponseCode(data: SessionData, code: string): void {
  data.set(tags.authorisationResponseCode, asciiToBytes(code));
}
