import type { Transaction, TransactionState, TransactionType } from "../journal/types.ts";
import type { MoneyPlace } from "../screen/day-screens.ts";

/** What each type does to the merchant's money once the host knows of it; a type that is not here moves none. */
const places: Readonly<Partial<Record<TransactionType, MoneyPlace>>> = Object.freeze({
  sale: "inBatch",
  voidSale: "takenOff",
  refund: "takenOff",
  preAuthorisation: "authorised",
  voidPreAuthorisation: "released",
  completion: "inBatch",
  completionAdvice: "inBatch",
  voidCompletion: "takenOff",
  offlineSale: "inBatch",
  adjustment: "inBatch",
  tip: "inBatch",
});

const unknownToHost: readonly TransactionState[] = Object.freeze(["offlineApproved", "uploading", "queued", "sent"]);

/** Where the money of an approval is now: with what the host knows, or kept to be sent to it. */
export function placeOfMoney({ type, state }: Transaction): MoneyPlace | undefined {
  return unknownToHost.includes(state) ? "toSend" : places[type];
}
