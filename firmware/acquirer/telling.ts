import { wipe } from "../codec/bytes.ts";
import type { FieldValue, Message } from "../codec/iso8583.ts";
import { asciiToBytes } from "../codec/text.ts";
import type { Transaction, TransactionType } from "../journal/types.ts";
import type { Parameters } from "../update/parameters.ts";
import { institutions, walletWord } from "./authorise.ts";
import { ask, commonFields, type HostContext, isUnsendable, textField } from "./conversation.ts";
import { codeObject, codeObjects } from "./dialect/code-data.ts";
import { type MessageKind, messageKinds } from "./dialect/transactions.ts";
import {
  approvals,
  currencyNumber,
  entryModeField,
  formatWrong,
  monthDay,
  originalField61,
  saysNothing,
  sixDigits,
  takenBefore,
  transactionField60,
  twelveDigits,
} from "./dialect/values.ts";
import { originalFields, present } from "./financial.ts";
import { batchMessage } from "./inquiry.ts";
import { panOf } from "./reversal.ts";
import type { TellingOutcome } from "./types.ts";

/** Types that the host is told of, and their rows of the dialect. A sale is told when it was approved without the host. */
const kinds: Readonly<Partial<Record<TransactionType, MessageKind>>> = Object.freeze({
  sale: messageKinds.offlineChip,
  refund: messageKinds.refund,
  completionAdvice: messageKinds.completionAdvice,
  offlineSale: messageKinds.offlineSale,
  adjustment: messageKinds.adjustment,
  tip: messageKinds.tip,
});

/**
 * Tells the host of a transaction that was decided without it. Only an answer with a right MAC that fits the question
 * ends it; everything else is no answer, and the transaction is owed on, under the same STAN. What cannot be written counts
 * as refused, so that people clear it.
 * @param isRepeat it may have reached the host before: "duplicate" then says that it did
 */
export async function tell(context: HostContext, transaction: Transaction, isRepeat: boolean): Promise<TellingOutcome> {
  const pan = panOf(context, transaction);
  const reply = await ask(context, tellingQuestion(context.parameters, transaction, pan));
  if (pan !== undefined) wipe(pan);
  if (isUnsendable(reply)) return { kind: "refused", responseCode: formatWrong };
  if (reply.kind !== "answer") return { kind: "noAnswer" };
  return outcomeOf(reply.message, isRepeat, transaction);
}

/**
 * The message, without its MAC: the transaction without tracks and PIN, the chip's data, and which one it changes.
 * Throws `Error` for a type that the host is not told of: a programming error.
 */
export function tellingQuestion(parameters: Parameters, transaction: Transaction, pan?: Uint8Array): Message {
  const kind = kinds[transaction.type];
  if (kind?.processingCode === undefined || kind.conditionCode === undefined) {
    throw new Error(`the host is not told of a ${transaction.type}`);
  }
  const { batch, entryMode } = transaction;
  const field60 = transactionField60(kind.type, batch, kind.networkCode, entryMode);
  const fields = new Map<number, FieldValue>([
    ...commonFields(parameters, sixDigits(transaction.stan), field60),
    [3, kind.processingCode],
    [4, twelveDigits(transaction.amount)],
    [22, entryModeField(entryMode, false)],
    [25, kind.conditionCode],
    [49, currencyNumber(transaction.currency)],
    ...originalFields(transaction),
    ...present([
      [2, pan],
      [14, transaction.expiry],
      [23, transaction.panSequenceNumber],
      [38, transaction.original?.authorisationCode ?? transaction.authorisationCode],
      [48, transaction.tip === undefined ? undefined : twelveDigits(transaction.tip)],
      [55, transaction.chipData],
      [
        59,
        transaction.order === undefined ? undefined : codeObject(codeObjects.order, asciiToBytes(transaction.order)),
      ],
    ]),
  ]);
  return { mti: kind.mti, fields };
}

/** Tells the host what the issuer's scripts did to a card. True once the host has heard it, whatever it says, or never can. */
export async function tellScripts(context: HostContext, transaction: Transaction, stan: number): Promise<boolean> {
  const pan = panOf(context, transaction);
  const reply = await ask(context, scriptQuestion(context.parameters, transaction, stan, pan));
  if (pan !== undefined) wipe(pan);
  return isUnsendable(reply) || (reply.kind === "answer" && !saysNothing(textField(reply.message, 39)));
}

/** The notice on scripts, without its MAC: of a STAN of its own, about the transaction that brought them. */
export function scriptQuestion(
  parameters: Parameters,
  transaction: Transaction,
  stan: number,
  pan?: Uint8Array,
): Message {
  const { batch, startedAt, hostDate = monthDay(startedAt, parameters.utcOffsetMinutes) } = transaction;
  return batchMessage(parameters, messageKinds.scriptResult, batch, stan, [
    [3, messageKinds.sale.processingCode],
    [4, twelveDigits(transaction.amount)],
    [22, entryModeField(transaction.entryMode, transaction.pinEntered === true)],
    [49, currencyNumber(transaction.currency)],
    [61, originalField61(batch, transaction.stan, hostDate)],
    ...present([
      [2, pan],
      [23, transaction.panSequenceNumber],
      [37, transaction.referenceNumber],
      [38, transaction.authorisationCode],
      [55, transaction.scriptNotice],
    ]),
  ]);
}

function outcomeOf(answer: Message, isRepeat: boolean, { entryMode }: Transaction): TellingOutcome {
  const responseCode = textField(answer, 39);
  if (responseCode === undefined || saysNothing(responseCode)) return { kind: "noAnswer" };
  if (!approvals.includes(responseCode) && !(isRepeat && responseCode === takenBefore)) {
    return { kind: "refused", responseCode };
  }
  const said: readonly (readonly [string, string | undefined])[] = [
    ["authorisationCode", textField(answer, 38)],
    ["referenceNumber", textField(answer, 37)],
    ["hostTime", textField(answer, 12)],
    ["hostDate", textField(answer, 13)],
  ];
  const present = said.filter(([, value]) => value !== undefined);
  const wallet = entryMode === "code" ? walletWord(answer) : {};
  return {
    kind: "taken",
    changes: { responseCode, ...Object.fromEntries(present), ...institutions(answer), ...wallet },
  };
}
