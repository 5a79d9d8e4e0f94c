import { wipe } from "../codec/bytes.ts";
import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import type { Message } from "../codec/iso8583.ts";
import type { Transaction } from "../journal/types.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { inquire, managementMessage, type NotTold } from "./inquiry.ts";

/** What a card's holder spent at this merchant this month. */
export type SpendingOutcome =
  | {
      readonly kind: "told";
      /** How many payments. */
      readonly count: number;
      /** Minor units of the terminal's currency, what was refunded taken off. */
      readonly amount: number;
    }
  | NotTold;

/**
 * Asks the host what the card of a transaction spent here this month: private extension 968 (README.md). Its holder has
 * agreed to that.
 */
export async function askSpending(
  context: HostContext,
  stan: number,
  { panToken }: Transaction,
): Promise<SpendingOutcome> {
  if (panToken === undefined) return { kind: "unsupported" };
  const pan = context.vault.revealPan(panToken);
  try {
    return await inquire(context, spendingQuestion(context, stan, pan), (field62) => spendingOf(decodeCbor(field62)));
  } finally {
    wipe(pan);
  }
}

/** The question, without its MAC. */
export function spendingQuestion(
  context: Pick<HostContext, "parameters" | "batch">,
  stan: number,
  pan: Uint8Array,
): Message {
  const { mti, fields } = managementMessage(context, messageKinds.spending, stan);
  return { mti, fields: new Map([[2, pan], ...fields]) };
}

/** What the answer says; refunds may leave less than nothing. */
export function spendingOf(value: CborValue): SpendingOutcome {
  const { count, amount } = isCborMap(value) ? value : {};
  return isWhole(count) && count >= 0 && isWhole(amount) ? { kind: "told", count, amount } : { kind: "mismatch" };
}

function isWhole(value: CborValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
