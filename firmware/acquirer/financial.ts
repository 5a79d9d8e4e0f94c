import type { FieldValue } from "../codec/iso8583.ts";
import type { Transaction, TransactionType } from "../journal/types.ts";
import type { Parameters } from "../update/parameters.ts";
import { commonFields } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import {
  currencyNumber,
  entryModeField,
  originalField61,
  sixDigits,
  transactionField60,
  twelveDigits,
} from "./dialect/values.ts";

/** The row of a transaction in the dialect: they have the same names. */
export function rowOf(type: TransactionType): (typeof messageKinds)[TransactionType] {
  return messageKinds[type];
}

/** Fields that a transaction, its repetition and its reversal have in common. */
export function financialFields(
  parameters: Parameters,
  transaction: Transaction,
  withPin: boolean,
): [number, FieldValue][] {
  const { type, networkCode, processingCode, conditionCode } = rowOf(transaction.type);
  const { stan, batch, amount, entryMode, currency } = transaction;
  return [
    ...commonFields(parameters, sixDigits(stan), transactionField60(type, batch, networkCode, entryMode)),
    [3, processingCode],
    [4, twelveDigits(amount)],
    [22, entryModeField(entryMode, withPin)],
    [25, conditionCode],
    [49, currencyNumber(currency)],
  ];
}

/** Which earlier transaction this one takes back, changes or uses up; nothing where it stands for itself. */
export function originalFields({ original }: Transaction): [number, FieldValue][] {
  if (original === undefined) return [];
  const { batch, stan, date, authorisationCode, referenceNumber } = original;
  return present([
    [37, referenceNumber],
    [38, authorisationCode],
    [61, originalField61(batch, stan, date)],
  ]);
}

/** The fields that have a value. */
export function present(fields: readonly (readonly [number, FieldValue | undefined])[]): [number, FieldValue][] {
  return fields.flatMap(([field, value]): [number, FieldValue][] => (value === undefined ? [] : [[field, value]]));
}
