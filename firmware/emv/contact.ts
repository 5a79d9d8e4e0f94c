import { equal, integerToBytes } from "../codec/bytes.ts";
import { analyseActions } from "./analysis.ts";
import type { TerminalApplication } from "./application.ts";
import { buildCandidateList, type Candidate, selectionRequired } from "./candidates.ts";
import { generateCryptogram } from "./cryptogram.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import type { CardChannel } from "./exchange.ts";
import { initiateProcessing } from "./initiate.ts";
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
  let candidates = await buildCandidateList(card, applications);
  while (candidates.length > 0) {
    const index = selectionRequired(candidates) ? await questions.choose(candidates) : 0;
    const candidate = candidates[index]!;
    candidates = candidates.filter((other) => other !== candidate);
    const application = applications.find((known) => equal(known.aid, candidate.supported))!;
    if (!(await selectApplication(card, candidate, data))) {
      continue;
    }
    data.set(tags.terminalApplicationVersion, application.version);
    data.set(tags.floorLimit, integerToBytes(Math.min(application.floorLimit, 0xffffffff), 4));
    await questions.beforeProcessing(application);
    if ((await initiateProcessing(card, data)) === "ready") {
      await readApplicationData(card, data);
      setVerification(data, "offlineAuthenticationNotPerformed");
      return application;
    }
  }
  throw new CardError("noApplication", "select application");
}

/**
 * Terminal action analysis and the first GENERATE AC (Book 3, 10.7 and 10.8). This terminal is online only: it never
 * asks for an approval without the host, and a card cannot give one that was not asked for.
 * @returns "online" with a request cryptogram in `data`, or "declined"
 */
export async function decideOnline(
  card: CardChannel,
  data: SessionData,
  application: TerminalApplication,
): Promise<"online" | "declined"> {
  const wanted = analyseActions(data, application.actionCodes);
  const given = await generateCryptogram(card, data, "first", wanted === "TC" ? "ARQC" : wanted);
  return given === "ARQC" ? "online" : "declined";
}
