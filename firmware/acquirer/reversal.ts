import { wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import type { FieldValue, Message } from "../codec/iso8583.ts";
import { encodeTlv, parseTlv } from "../codec/tlv.ts";
import type { Transaction } from "../journal/types.ts";
import type { Parameters } from "../update/parameters.ts";
import type { Vault } from "../vault/types.ts";
import { ask, type HostContext, isUnsendable, textField } from "./conversation.ts";
import { reversalMti } from "./dialect/transactions.ts";
import {
  comeBackLater,
  formatWrong,
  macRefused,
  monthDay,
  originalField61,
  reversalChipTags,
  reversalsDone,
  reversedBefore,
} from "./dialect/values.ts";
import { financialFields, present } from "./financial.ts";
import type { ReversalOutcome } from "./types.ts";

/** How far the terminal's clock may be from the host's, in milliseconds. */
const clockDifference = 15 * 60_000;

/**
 * Asks the host to undo a transaction. Only an answer with a right MAC that fits the question ends it; everything else
 * is no answer, and the reversal is owed on. So is it where the host could not check the request's MAC or says that it
 * cannot tell now. A reversal that cannot be written is for people to clear.
 */
export async function reverse(context: HostContext, transaction: Transaction): Promise<ReversalOutcome> {
  const pan = panOf(context, transaction);
  const reply = await ask(context, reversalQuestion(context.parameters, transaction, pan));
  if (pan !== undefined) wipe(pan);
  if (isUnsendable(reply)) return { kind: "disputed", responseCode: formatWrong };
  if (reply.kind !== "answer") return { kind: "noAnswer" };
  const responseCode = textField(reply.message, 39);
  if (responseCode === undefined || responseCode === macRefused || comeBackLater.includes(responseCode)) {
    return { kind: "noAnswer" };
  }
  const isDone =
    reversalsDone.includes(responseCode) ||
    (responseCode === reversedBefore && isOfToday(context.parameters, transaction, textField(reply.message, 13)));
  return { kind: isDone ? "reversed" : "disputed", responseCode };
}

/** Whether a transaction is of the day (MMDD) on which the host answered; near midnight by two clocks it may not be. */
function isOfToday(
  { utcOffsetMinutes }: Parameters,
  { hostDate, startedAt }: Transaction,
  today: string | undefined,
): boolean {
  if (hostDate !== undefined) return hostDate === today;
  return [startedAt - clockDifference, startedAt + clockDifference].every(
    (moment) => monthDay(moment, utcOffsetMinutes) === today,
  );
}

/** The PAN; undefined of a code, or when the token is of a key that is gone: the host finds the original by its STAN as well. */
export function panOf(
  { vault }: { readonly vault: Pick<Vault, "revealPan"> },
  { panToken }: Transaction,
): Uint8Array | undefined {
  if (panToken === undefined) return undefined;
  try {
    return vault.revealPan(panToken);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The reversal of a transaction, without its MAC: the request without tracks, PIN, fields 26, 37, 52 and 53. */
export function reversalQuestion(
  parameters: Parameters,
  transaction: Transaction,
  pan: Uint8Array | undefined,
): Message {
  const { stan, batch, hostDate, startedAt, reversalReason = "98" } = transaction;
  const fields = new Map<number, FieldValue>([
    ...financialFields(parameters, transaction, transaction.pinEntered === true),
    [39, reversalReason],
    [61, originalField61(batch, stan, hostDate ?? monthDay(startedAt, parameters.utcOffsetMinutes))],
    ...present([
      [2, pan],
      [14, transaction.expiry],
      [23, transaction.panSequenceNumber],
      [38, transaction.authorisationCode],
      [55, chipDataOf(transaction)],
    ]),
  ]);
  return { mti: reversalMti, fields };
}

/** What a reversal repeats of field 55; nothing when the request had none of it. */
function chipDataOf({ chipData }: Transaction): Uint8Array | undefined {
  if (chipData === undefined) return undefined;
  try {
    const objects = parseTlv(chipData).filter(({ tag }) => reversalChipTags.includes(tag));
    return objects.length === 0 ? undefined : encodeTlv(objects.map(({ tag, value }) => ({ tag, value })));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
