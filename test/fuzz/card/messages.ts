/** What the terminal would write of a session: its messages to the host, and what the journal keeps. */
import { authorisationQuestion } from "../../../firmware/acquirer/authorise.ts";
import { unionpayPackager } from "../../../firmware/acquirer/dialect/packager.ts";
import { reversalQuestion } from "../../../firmware/acquirer/reversal.ts";
import { scriptQuestion, tellingQuestion } from "../../../firmware/acquirer/telling.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { encodeMessage } from "../../../firmware/codec/iso8583.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";
import { cardDataOf } from "../../../firmware/terminal/asking.ts";
import type { PresentedCard } from "../../../firmware/terminal/card/presented.ts";
import type { Parameters } from "../../../firmware/update/parameters.ts";

/**
 * What a message has no room for of what the card said: a request that is begun and cannot be written is owed for ever.
 * Undefined where the request, its reversal, its upload and the notice of its scripts can all be written.
 */
export function unwritable(card: PresentedCard, parameters: Parameters, transaction: Transaction): string | undefined {
  const { pan, expiry, panSequenceNumber } = card.identity;
  const { entryMode } = card;
  const [chipData, scriptNotice] = [card.chipData(), card.scriptNotice?.()];
  const known: Transaction = {
    ...transaction,
    entryMode,
    expiry,
    ...(panSequenceNumber === undefined ? {} : { panSequenceNumber }),
    ...(chipData === undefined ? {} : { chipData }),
    ...(scriptNotice === undefined ? {} : { scriptNotice }),
  };
  try {
    for (const question of [
      authorisationQuestion(parameters, known, cardDataOf(card), new Uint8Array(8)),
      reversalQuestion(parameters, known, pan),
      tellingQuestion(parameters, known, pan),
      scriptQuestion(parameters, known, 2, pan),
    ]) {
      encodeMessage(unionpayPackager, question);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `no message has room for what the card said: ${error.message}`;
  }
}
