import { type CborValue, decodeCbor } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import type { FieldValue, Message } from "../codec/iso8583.ts";
import type { Transaction } from "../journal/types.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, managementField60, monthDay, originalField61, sixDigits } from "./dialect/values.ts";
import type { PaymentOutcome, PaymentState } from "./types.ts";

const states: readonly string[] = Object.freeze([
  "unknown",
  "approved",
  "declined",
  "reversed",
  "voided",
  "adjusted",
  "completed",
  "settled",
] satisfies PaymentState[]);

/** Asks the host what became of a transaction that was sent: private extension 961 (README.md). It changes nothing. */
export async function askOutcome(
  context: HostContext,
  stan: number,
  transaction: Transaction,
): Promise<PaymentOutcome> {
  const reply = await ask(context, outcomeQuestion(context, stan, transaction));
  if (reply.kind !== "answer") return { kind: reply.kind };
  if (!approvals.includes(textField(reply.message, 39) ?? "")) return { kind: "unsupported" };
  try {
    return outcomeOf(decodeCbor(bytesField(reply.message, 62) ?? new Uint8Array(0)));
  } catch (error) {
    if (error instanceof FormatError) return { kind: "mismatch" };
    throw error;
  }
}

/** The question, without its MAC: of a STAN of its own, about the transaction that field 61 names. */
export function outcomeQuestion(
  { parameters, batch: openBatch }: Pick<HostContext, "parameters" | "batch">,
  stan: number,
  transaction: Transaction,
): Message {
  const { mti, type, networkCode } = messageKinds.outcome;
  const { hostDate, startedAt, batch } = transaction;
  const fields = new Map<number, FieldValue>([
    ...commonFields(parameters, sixDigits(stan), managementField60(type, openBatch(), networkCode)),
    [61, originalField61(batch, transaction.stan, hostDate ?? monthDay(startedAt, parameters.utcOffsetMinutes))],
  ]);
  return { mti, fields };
}

function outcomeOf(value: CborValue): PaymentOutcome {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    return { kind: "mismatch" };
  }
  const { state, amount, authorisationCode } = value as { readonly [key: string]: CborValue };
  if (typeof state !== "string" || !states.includes(state)) return { kind: "mismatch" };
  return {
    kind: "told",
    state: state as PaymentState,
    ...(typeof amount === "number" && Number.isSafeInteger(amount) ? { amount } : {}),
    ...(typeof authorisationCode === "string" && /^[0-9A-Za-z]{1,6}$/.test(authorisationCode)
      ? { authorisationCode }
      : {}),
  };
}
