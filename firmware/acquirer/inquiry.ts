import { FormatError } from "../codec/errors.ts";
import type { FieldValue, Message } from "../codec/iso8583.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import type { MessageKind } from "./dialect/transactions.ts";
import { approvals, managementField60, sixDigits } from "./dialect/values.ts";

/** What an inquiry comes to that the host did not answer. `unsupported`: it has nothing to give, or does not know the question. */
export interface NotTold {
  readonly kind: "unsupported" | "mismatch" | "noAnswer";
}

/** A message about no card, without its MAC: the identification, field 60, and what it says in field 62, if anything. */
export function managementMessage(
  { parameters, batch }: Pick<HostContext, "parameters" | "batch">,
  kind: MessageKind,
  stan: number,
  field62?: Uint8Array,
): Message {
  const field60 = managementField60(kind.type, batch(), kind.networkCode);
  const fields = new Map<number, FieldValue>(commonFields(parameters, sixDigits(stan), field60));
  return { mti: kind.mti, fields: field62 === undefined ? fields : fields.set(62, field62) };
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
  if (!approvals.includes(textField(reply.message, 39) ?? "")) return { kind: "unsupported" };
  try {
    return read(bytesField(reply.message, 62) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof FormatError) return { kind: "mismatch" };
    throw error;
  }
}
