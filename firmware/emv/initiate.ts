import { wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { parseOneTlv } from "../codec/tlv.ts";
import { processingOptionsCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { buildDol } from "./dol.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { tags } from "./tags.ts";

const step = "get processing options";
const statusConditions = 0x6985;

/**
 * Initiate application processing (EMV 4.3 Book 3, 10.1): the card gets what its processing options list asks for and
 * answers with its profile (82) and file locator (94), in either format.
 * @returns "again" when the card says that this application may not be used (6985): another one is selected then
 */
export async function initiateProcessing(card: CardChannel, data: SessionData): Promise<"ready" | "again"> {
  const list = data.fromCard(tags.processingOptionsList);
  const wanted = list === undefined ? new Uint8Array(0) : buildDol(list, data.get, "processing options list");
  if (wanted.length > 252) {
    throw new CardError("data", step);
  }
  const answer = await exchange(card, processingOptionsCommand(wanted), step);
  if (answer.status === statusConditions) {
    return "again";
  }
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  data.noteSent(wanted);
  try {
    takeProcessingOptions(answer.data, data);
  } finally {
    wipe(answer.data);
  }
  for (const tag of [tags.applicationInterchangeProfile, tags.applicationFileLocator]) {
    data.need(tag, step);
  }
  return "ready";
}

/** Keeps the answer to GET PROCESSING OPTIONS (Book 3, 6.5.8.4). Throws `FormatError` for any other form. */
export function takeProcessingOptions(response: Uint8Array, data: SessionData): void {
  const template = parseOneTlv(response);
  if (template.tag === tags.responseFormat1) {
    if (template.value.length < 6 || (template.value.length - 2) % 4 !== 0) {
      throw new FormatError(step, 0, "profile of 2 bytes and entries of 4 bytes expected");
    }
    data.setFromCard(tags.applicationInterchangeProfile, template.value.subarray(0, 2));
    data.setFromCard(tags.applicationFileLocator, template.value.subarray(2));
    return;
  }
  if (template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "template 77 or 80 expected");
  }
  data.takeFromCard(template.children ?? [], step);
  if (data.need(tags.applicationInterchangeProfile, step).length !== 2) {
    throw new FormatError(step, 0, "profile of 2 bytes expected");
  }
}
