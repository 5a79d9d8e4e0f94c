import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import type { Message } from "../codec/iso8583.ts";
import type { Transaction } from "../journal/types.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { monthDay, originalField61 } from "./dialect/values.ts";
import { inquire, managementMessage } from "./inquiry.ts";
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
export function askOutcome(context: HostContext, stan: number, transaction: Transaction): Promise<PaymentOutcome> {
  return inquire(context, outcomeQuestion(context, stan, transaction), (field62) => outcomeOf(decodeCbor(field62)));
}

/** The question, without its MAC: of a STAN of its own, about the transaction that field 61 names. */
export function outcomeQuestion(
  context: Pick<HostContext, "parameters" | "batch">,
  stan: number,
  transaction: Transaction,
): Message {
  const { mti, fields } = managementMessage(context, messageKinds.outcome, stan);
  const { hostDate, startedAt, batch } = transaction;
  const date = hostDate ?? monthDay(startedAt, context.parameters.utcOffsetMinutes);
  return { mti, fields: new Map(fields).set(61, originalField61(batch, transaction.stan, date)) };
}

function outcomeOf(value: CborValue): PaymentOutcome {
  if (!isCborMap(value)) return { kind: "mismatch" };
  const { state, amount, authorisationCode } = value;
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
