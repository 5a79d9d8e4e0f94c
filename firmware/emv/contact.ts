import { equal, integerToBytes } from "../codec/bytes.ts";
import { asciiToBytes } from "../codec/text.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { analyseActions } from "./analysis.ts";
import type { TerminalApplication } from "./application.ts";
import { buildCandidateList, type Candidate, selectionRequired } from "./candidates.ts";
import { combinedMode, generateCryptogram } from "./cryptogram.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import type { CardChannel } from "./exchange.ts";
import { initiateProcessing } from "./initiate.ts";
import { asksForSignature } from "./oda/combined.ts";
import { readApplicationData } from "./records.ts";
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
    await questions.beforeProcessing(application);
    if ((await initiateProcessing(card, data)) === "ready") {
      await readApplicationData(card, data);
      return application;
    }
  }
  throw new CardError(isBlocked ? "applicationBlocked" : "noApplication", "select application");
}

/** Authorisation response code for "offline declined" (Book 4, annex A6). */
const offlineDeclined = "Z1";

/**
 * Terminal action analysis and the first GENERATE AC (Book 3, 10.7 and 10.8). This terminal asks for no approval without
 * the host, and a card cannot give one that was not asked for. A request whose combined signature is bad does not go to
 * the host: the card is told so at once (Book 2, 6.6.2).
 * @param cardKey asks for a combined signature, to be verified with the card's key
 * @returns "online" with a request cryptogram in `data`, or "declined"
 */
export async function decideOnline(
  card: CardChannel,
  data: SessionData,
  application: TerminalApplication,
  cardKey?: RsaPublicKey,
): Promise<"online" | "declined"> {
  const analysed = analyseActions(data, application.actionCodes);
  const wanted = analysed === "TC" ? "ARQC" : analysed;
  const isSigned = cardKey !== undefined && asksForSignature(combinedMode, "first", wanted);
  const given = await generateCryptogram(card, data, "first", wanted, isSigned ? cardKey : undefined);
  if (!given.isGenuine) {
    data.set(tags.authorisationResponseCode, asciiToBytes(offlineDeclined));
    await generateCryptogram(card, data, "second", "AAC");
    return "declined";
  }
  return given.type === "ARQC" ? "online" : "declined";
}
