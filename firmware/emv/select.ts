import { equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { parseOneTlv, tagValue } from "../codec/tlv.ts";
import { applicationName, type Candidate } from "./candidates.ts";
import { selectCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { tags } from "./tags.ts";

const statusBlocked = 0x6283;

/**
 * Final selection of one candidate (EMV 4.3 Book 1, 12.4). Its file control information goes into `data`.
 * @returns "refused" when the card refuses it or answers with rubbish, "blocked" when its issuer has blocked it: the
 *   caller removes it from the list and goes on
 */
export async function selectApplication(
  card: CardChannel,
  candidate: Candidate,
  data: SessionData,
): Promise<"selected" | "blocked" | "refused"> {
  const answer = await exchange(card, selectCommand(candidate.aid), "select application");
  if (answer.status === statusBlocked) {
    return "blocked";
  }
  if (answer.status !== 0x9000) {
    return "refused";
  }
  try {
    takeFileControlInformation(answer.data, candidate.aid, data);
    return "selected";
  } catch (error) {
    if (error instanceof FormatError) {
      return "refused";
    }
    throw error;
  }
}

/**
 * Keeps what a SELECT's answer says (Book 1, 11.3.4). Throws `FormatError` when it is not the file control information
 * of this application.
 */
export function takeFileControlInformation(response: Uint8Array, aid: Uint8Array, data: SessionData): void {
  const template = parseOneTlv(response);
  const name = tagValue([template], tags.dedicatedFileName);
  if (template.tag !== tags.fileControlInformation || name === undefined || !equal(name, aid)) {
    throw new FormatError("file control information", 0, "the selected application's name expected");
  }
  if (!template.children?.some((child) => child.tag === tags.fileControlProprietary)) {
    throw new FormatError("file control information", 0, "template A5 expected");
  }
  data.forgetCard();
  data.takeFromCard([template], "select application");
  data.set(tags.terminalApplicationIdentifier, aid);
}

/** The name of a selected application, for people. */
export function selectedName(data: SessionData): string {
  const objects = [tags.preferredName, tags.issuerCodeTable, tags.applicationLabel].flatMap((tag) => {
    const value = data.fromCard(tag);
    return value === undefined ? [] : [{ tag, value }];
  });
  return applicationName(objects);
}
