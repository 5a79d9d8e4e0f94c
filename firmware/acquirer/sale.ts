import type { FieldValue, Message } from "../codec/iso8583.ts";
import type { Transaction } from "../journal/types.ts";
import type { Parameters } from "../update/parameters.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import {
  approvals,
  currencyNumber,
  entryModeField,
  pinCapture,
  securityControl,
  sixDigits,
  transactionField60,
  twelveDigits,
} from "./dialect/values.ts";
import type { AuthorisationOutcome, CardData } from "./types.ts";

/** Asks the host for a sale's money. */
export async function authoriseSale(
  context: HostContext,
  transaction: Transaction,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Promise<AuthorisationOutcome> {
  const reply = await ask(context, saleQuestion(context.parameters, transaction, card, pinBlock));
  if (reply.kind === "noAnswer") return reply;
  if (reply.kind === "mismatch") {
    return { ...reply, reversalReason: reply.field === "mac" ? "A0" : "06" };
  }
  return outcomeOf(reply.message);
}

/** The request of a sale, without its MAC. */
export function saleQuestion(
  parameters: Parameters,
  transaction: Transaction,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Message {
  const withPin = pinBlock !== undefined;
  const fields = new Map<number, FieldValue>([
    ...commonFields(parameters, sixDigits(transaction.stan), saleField60(transaction)),
    ...saleFields(transaction, withPin),
    [2, card.pan],
  ]);
  const optional: readonly (readonly [number, FieldValue | undefined])[] = [
    [14, card.expiry],
    [23, card.panSequenceNumber],
    [26, withPin ? pinCapture : undefined],
    [35, card.track2],
    [52, pinBlock],
    [53, withPin ? securityControl : undefined],
    [55, card.chipData],
  ];
  for (const [field, value] of optional) {
    if (value !== undefined) fields.set(field, value);
  }
  return { mti: messageKinds.sale.mti, fields };
}

/** Fields that a sale and its reversal have in common, but for those of `commonFields`. */
export function saleFields(transaction: Transaction, withPin: boolean): [number, FieldValue][] {
  return [
    [3, messageKinds.sale.processingCode],
    [4, twelveDigits(transaction.amount)],
    [22, entryModeField(transaction.entryMode, withPin)],
    [25, messageKinds.sale.conditionCode],
    [49, currencyNumber(transaction.currency)],
  ];
}

export function saleField60({ batch, entryMode }: Transaction): string {
  return transactionField60(messageKinds.sale.type, batch, messageKinds.sale.networkCode, entryMode);
}

/**
 * What a checked answer says. An approval without an authorisation code is none that an issuer would stand for, and
 * neither is one without a reference number: it is taken for a broken answer and reversed.
 */
function outcomeOf(answer: Message): AuthorisationOutcome {
  const responseCode = textField(answer, 39) ?? "";
  const referenceNumber = textField(answer, 37);
  const chipData = bytesField(answer, 55);
  const chip = chipData === undefined ? {} : { chipData };
  if (!approvals.includes(responseCode)) {
    if (responseCode === "") return broken;
    const reference = referenceNumber === undefined ? {} : { referenceNumber };
    return { kind: "declined", responseCode, ...reference, ...chip };
  }
  const authorisationCode = textField(answer, 38);
  const hostTime = textField(answer, 12);
  const hostDate = textField(answer, 13);
  if (authorisationCode === undefined || referenceNumber === undefined || !hostTime || !hostDate) return broken;
  const approval = { authorisationCode, referenceNumber, hostDate, hostTime };
  return { kind: "approved", responseCode, ...approval, ...institutions(answer), ...chip };
}

const broken = Object.freeze<AuthorisationOutcome>({ kind: "mismatch", field: "format", reversalReason: "06" });

/** Field 44: issuer and acquirer, eleven characters each. */
export function institutions(answer: Message): { issuer?: string; acquirer?: string } {
  const value = answer.fields.get(44);
  const text = typeof value === "string" ? value : "";
  const issuer = text.slice(0, 11).trim();
  const acquirer = text.slice(11, 22).trim();
  return { ...(issuer && { issuer }), ...(acquirer && { acquirer }) };
}
