import { type CborValue, decodeCbor, encodeCbor } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { ask, bytesField, commonFields, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, managementField60, sixDigits } from "./dialect/values.ts";

/** A piece of the parameters that the host has for this terminal. */
export interface ParameterBlock {
  readonly version: string;
  /** Bytes of the whole. */
  readonly size: number;
  /** SHA-256 of the whole. */
  readonly sha256: Uint8Array;
  /** From the offset that was asked for; empty at the end, and where the terminal has this version. */
  readonly bytes: Uint8Array;
}

export type ParameterOutcome =
  | { readonly kind: "block"; readonly block: ParameterBlock }
  /** `unsupported`: the host has none for this terminal, or does not know the question. */
  | { readonly kind: "unsupported" | "mismatch" | "noAnswer" };

/** Bytes that one answer brings at most. */
const longestBlock = 640;
const digestLength = 32;
/** Characters of a version's name. */
const version = /^[ -~]{1,48}$/;

/**
 * Asks for one block of the parameters: private extension 965.
 * @param have version that is in use; "" for none
 */
export async function askParameters(
  context: HostContext,
  stan: number,
  have: string,
  offset: number,
): Promise<ParameterOutcome> {
  const { mti, type, networkCode } = messageKinds.parameters;
  const field60 = managementField60(type, context.batch(), networkCode);
  const fields = new Map([
    ...commonFields(context.parameters, sixDigits(stan), field60),
    [62, encodeCbor({ have, offset })] as const,
  ]);
  const reply = await ask(context, { mti, fields });
  if (reply.kind !== "answer") return { kind: reply.kind };
  if (!approvals.includes(textField(reply.message, 39) ?? "")) return { kind: "unsupported" };
  try {
    return blockOf(decodeCbor(bytesField(reply.message, 62) ?? new Uint8Array(0)), offset);
  } catch (error) {
    if (error instanceof FormatError) return { kind: "mismatch" };
    throw error;
  }
}

/** What an answer to 965 says; anything that is not as the table has it is a mismatch. */
export function blockOf(value: CborValue, offset: number): ParameterOutcome {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    return { kind: "mismatch" };
  }
  const { version: name, size, sha256, bytes } = value as { readonly [key: string]: CborValue };
  const isGood =
    typeof name === "string" &&
    version.test(name) &&
    typeof size === "number" &&
    Number.isSafeInteger(size) &&
    size > 0 &&
    sha256 instanceof Uint8Array &&
    sha256.length === digestLength &&
    bytes instanceof Uint8Array &&
    bytes.length <= Math.min(longestBlock, Math.max(0, size - offset));
  return isGood ? { kind: "block", block: { version: name, size, sha256, bytes } } : { kind: "mismatch" };
}
