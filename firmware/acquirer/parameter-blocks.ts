import { type CborValue, decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { inquire, managementMessage, type NotTold } from "./inquiry.ts";

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

export type ParameterOutcome = { readonly kind: "block"; readonly block: ParameterBlock } | NotTold;

/** Bytes that one answer brings at most. */
const longestBlock = 640;
const digestLength = 32;
/** Characters of a version's name. */
const version = /^[ -~]{1,48}$/;

/**
 * Asks for one block of the parameters: private extension 965.
 * @param have version that is in use; "" for none
 */
export function askParameters(
  context: HostContext,
  stan: number,
  have: string,
  offset: number,
): Promise<ParameterOutcome> {
  const question = managementMessage(context, messageKinds.parameters, stan, encodeCbor({ have, offset }));
  return inquire(context, question, (field62) => blockOf(decodeCbor(field62), offset));
}

/** What an answer to 965 says; anything that is not as the table has it is a mismatch. */
export function blockOf(value: CborValue, offset: number): ParameterOutcome {
  if (!isCborMap(value)) return { kind: "mismatch" };
  const { version: name, size, sha256, bytes } = value;
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
