import { FormatError } from "../codec/errors.ts";
import type { FieldValue, Message } from "../codec/iso8583.ts";
import type { Parameters } from "../update/parameters.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import type { MessageKind } from "./dialect/transactions.ts";
import { approvals, managementField60, saysNothing, signInAgain, sixDigits } from "./dialect/values.ts";

/** What an inquiry comes to that the host did not answer. `unsupported`: it has nothing to give, or does not know the question. */
export interface NotTold {
  readonly kind: "unsupported" | "mismatch" | "noAnswer";
}

/** A message about no card of the open batch, without its MAC, and what it says in field 62, if anything. */
export function managementMessage(
  { parameters, batch }: Pick<HostContext, "parameters" | "batch">,
  kind: MessageKind,
  stan: number,
  field62?: Uint8Array,
): Message {
  return batchMessage(parameters, kind, batch.number, stan, field62 === undefined ? [] : [[62, field62]]);
}

/** A message with a field 60 of three parts, without its MAC: the identification, the batch that it is about, and what else it says. */
export function batchMessage(
  parameters: Parameters,
  { mti, type, networkCode }: MessageKind,
  batch: number,
  stan: number,
  more: readonly (readonly [number, FieldValue])[],
): Message {
  const common = commonFields(parameters, sixDigits(stan), managementField60(type, batch, networkCode));
  return { mti, fields: new Map<number, FieldValue>([...common, ...more]) };
}

/**
 * Asks the host for what it tells in field 62.
 * @param read what the field says; a `FormatError` of it is a mismatch
 */
export async function inquire<Told>(
  context: HostContext,
  question: Message,
  read: (field62: Uint8Array) => Told,
): Promise<Told | NotTold> {
  const reply = await ask(context, question);
  if (reply.kind !== "answer") return { kind: reply.kind };
  const code = textField(reply.message, 39);
  if (saysNothing(code) || code === signInAgain) return { kind: "noAnswer" };
  if (!approvals.includes(code ?? "")) return { kind: "unsupported" };
  try {
    return read(bytesField(reply.message, 62) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof FormatError) return { kind: "mismatch" };
    throw error;
  }
}
