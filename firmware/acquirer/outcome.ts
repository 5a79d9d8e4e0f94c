import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import type { Message } from "../codec/iso8583.ts";
import { isWallet } from "../codes/wallet-ranges.ts";
import type { Transaction, TransactionChanges } from "../journal/types.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, monthDay, originalField61 } from "./dialect/values.ts";
import { inquire, managementMessage } from "./inquiry.ts";
import type { AuthorisationOutcome, PaymentOutcome, PaymentState } from "./types.ts";

const states: readonly string[] = Object.freeze([
  "unknown",
  "pending",
  "approved",
  "declined",
  "reversed",
  "voided",
  "adjusted",
  "completed",
  "settled",
] satisfies PaymentState[]);

/** How texts of the answer have to be; others are passed over. */
const texts: Readonly<Record<string, RegExp>> = Object.freeze({
  waitingFor: /^(?:confirmation|password|scan)$/,
  responseCode: /^[0-9A-Za-z]{2}$/,
  authorisationCode: /^[0-9A-Za-z]{1,6}$/,
  referenceNumber: /^[0-9A-Za-z]{1,12}$/,
  date: /^[0-9]{4}$/,
  time: /^[0-9]{6}$/,
  order: /^[0-9]{1,32}$/,
  payer: /^[!-~]{1,32}$/,
});

/** What ends a payment by code. */
export type CodeVerdict = Extract<AuthorisationOutcome, { kind: "approved" | "declined" | "mismatch" }>;

const [approved = ""] = approvals;
/** Field 39 of a refusal without another reason. */
const refused = "05";

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
  const { state, amount, wallet } = value;
  if (typeof state !== "string" || !states.includes(state)) return { kind: "mismatch" };
  const told: Record<string, CborValue> = { kind: "told", state };
  if (typeof amount === "number" && Number.isSafeInteger(amount)) told.amount = amount;
  if (typeof wallet === "string" && isWallet(wallet)) told.scheme = wallet;
  for (const name of Object.keys(texts)) {
    const text = value[name];
    if (typeof text === "string" && texts[name]!.test(text)) told[name] = text;
  }
  return told as unknown as PaymentOutcome;
}

/**
 * What the host's word makes of a payment by code that this terminal has asked for; undefined while nothing is certain, or where
 * there is nothing that could stand: it is asked again, or goes back.
 */
export function verdictOf({ amount }: Transaction, outcome: PaymentOutcome): CodeVerdict | undefined {
  if (outcome.kind !== "told") return undefined;
  const { state, responseCode, authorisationCode, referenceNumber, date, time, scheme, order, payer } = outcome;
  if (state === "declined") return { kind: "declined", responseCode: responseCode ?? refused };
  if (state !== "approved") return undefined;
  const isWhole =
    outcome.amount === amount && authorisationCode !== undefined && referenceNumber !== undefined && date && time;
  if (!isWhole) {
    const answeredAmount = outcome.amount === amount ? undefined : outcome.amount;
    return { kind: "mismatch", field: "amount", reversalReason: "06", ...(answeredAmount && { answeredAmount }) };
  }
  return {
    kind: "approved",
    responseCode: responseCode ?? approved,
    authorisationCode,
    referenceNumber,
    hostDate: date,
    hostTime: time,
    ...(scheme && { scheme }),
    ...(order && { order }),
    ...(payer && { payer }),
  };
}

/** What the journal keeps of an approval. */
export function approvalChanges(approval: Extract<AuthorisationOutcome, { kind: "approved" }>): TransactionChanges {
  const { kind: _kind, chipData: _chipData, ...changes } = approval;
  return changes;
}
