import { FormatError } from "../../codec/errors.ts";
import { asciiToBytes } from "../../codec/text.ts";
import { findAllTags, parseOneTlv, tagValue } from "../../codec/tlv.ts";
import type { TerminalApplication } from "../application.ts";
import { matchApplication } from "../candidates.ts";
import { selectCommand } from "../commands.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import { takeFileControlInformation } from "../select.ts";
import { tags } from "../tags.ts";

const proximityEnvironment = "2PAY.SYS.DDF01";
const statusCardBlocked = 0x6a81;

/** A combination of a card's application and the terminal's kernel for it. */
export interface Combination {
  /** The card's name for it. */
  readonly aid: Uint8Array;
  readonly application: TerminalApplication;
  /** 1 (first) to 15; 16 stands for none. */
  readonly priority: number;
}

/**
 * Entry Point (EMV contactless Book B, 3.3): the card's directory, and the combinations that both sides know, best
 * first. Throws `CardError("noApplication")` when there is none, `CardError("cardBlocked")` for 6A81.
 */
export async function findCombinations(
  card: CardChannel,
  applications: readonly TerminalApplication[],
): Promise<Combination[]> {
  const step = "select proximity directory";
  const answer = await exchange(card, selectCommand(asciiToBytes(proximityEnvironment)), step);
  if (answer.status === statusCardBlocked) {
    throw new CardError("cardBlocked", step);
  }
  if (answer.status !== 0x9000) {
    throw new CardError("noApplication", step);
  }
  const combinations = parseDirectory(answer.data, applications);
  if (combinations.length === 0) {
    throw new CardError("noApplication", step);
  }
  return combinations;
}

/** The combinations in the directory's answer, by priority and then in the card's order. */
export function parseDirectory(response: Uint8Array, applications: readonly TerminalApplication[]): Combination[] {
  const template = parseOneTlv(response);
  if (template.tag !== tags.fileControlInformation) {
    throw new FormatError("proximity directory", 0, "template 6F expected");
  }
  const withKernel = applications.filter((application) => application.kernel !== undefined);
  const combinations = findAllTags([template], tags.directoryEntry).flatMap((entry): Combination[] => {
    const aid = tagValue([entry], tags.applicationIdentifier);
    if (aid === undefined || aid.length < 5 || aid.length > 16) {
      return [];
    }
    const application = matchApplication(aid, withKernel);
    if (application === undefined || !speaksKernel(tagValue([entry], tags.kernelIdentifier), application)) {
      return [];
    }
    const priority = (tagValue([entry], tags.priority)?.[0] ?? 0) & 0x0f;
    return [{ aid: aid.slice(), application, priority: priority === 0 ? 16 : priority }];
  });
  return combinations.sort((a, b) => a.priority - b.priority);
}

/** A card may ask for a kernel by its number (9F2A, Book B, table 3-6); domestic and longer forms are left to the name. */
function speaksKernel(requested: Uint8Array | undefined, application: TerminalApplication): boolean {
  const first = requested?.[0];
  return first === undefined || first === 0 || (first & 0xc0) !== 0 || (first & 0x3f) === application.kernel;
}

/** Selects a combination (Book B, 3.3.3). Returns false when the card refuses: the next one is tried. */
export async function selectCombination(
  card: CardChannel,
  combination: Combination,
  data: SessionData,
): Promise<boolean> {
  const answer = await exchange(card, selectCommand(combination.aid), "select application");
  if (answer.status !== 0x9000) {
    return false;
  }
  takeFileControlInformation(answer.data, combination.aid, data);
  return true;
}
