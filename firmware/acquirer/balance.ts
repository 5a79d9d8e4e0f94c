import type { FieldValue, Message } from "../codec/iso8583.ts";
import { cardFields } from "./authorise.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, currencyNumber, entryModeField, sixDigits, transactionField60 } from "./dialect/values.ts";
import type { BalanceOutcome, CardData } from "./types.ts";

/** Field 54: account type (2), type of the amount (2), currency (3), C or D, twelve digits. */
const balanceText = /^\d{2}\d{2}(\d{3})([CD])(\d{12})/;

/** Asks what a card's holder may spend. */
export async function askBalance(
  context: HostContext,
  stan: number,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Promise<BalanceOutcome> {
  const reply = await ask(context, balanceQuestion(context, stan, card, pinBlock));
  if (reply.kind !== "answer") return { kind: reply.kind };
  const responseCode = textField(reply.message, 39);
  if (responseCode === undefined) return { kind: "mismatch" };
  const chipData = bytesField(reply.message, 55);
  const chip = chipData === undefined ? {} : { chipData };
  if (!approvals.includes(responseCode)) return { kind: "declined", responseCode, ...chip };
  const amount = amountOf(textField(reply.message, 54), currencyNumber(context.parameters.currency));
  return amount === undefined ? { kind: "mismatch" } : { kind: "told", amount, ...chip };
}

/** The request, without its MAC. */
export function balanceQuestion(
  { parameters, batch }: Pick<HostContext, "parameters" | "batch">,
  stan: number,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Message {
  const { mti, type, networkCode, processingCode, conditionCode } = messageKinds.balance;
  const field60 = transactionField60(type, batch.number, networkCode, card.entryMode);
  const fields = new Map<number, FieldValue>([
    ...commonFields(parameters, sixDigits(stan), field60),
    [3, processingCode],
    [22, entryModeField(card.entryMode, pinBlock !== undefined)],
    [25, conditionCode],
    [49, currencyNumber(parameters.currency)],
    ...cardFields(card, pinBlock),
  ]);
  return { mti, fields };
}

/** Minor units; undefined for what is no balance in this currency. */
function amountOf(text: string | undefined, currency: string): number | undefined {
  const match = text === undefined ? null : balanceText.exec(text);
  if (match === null || match[1] !== currency) return undefined;
  return match[2] === "D" ? -Number(match[3]) : Number(match[3]);
}
