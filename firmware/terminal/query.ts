import type { PaymentOutcome } from "../acquirer/types.ts";
import { states } from "../journal/states.ts";
import type { Transaction } from "../journal/types.ts";
import type { PaymentAnswer } from "../screen/screens.ts";
import { signInIfNeeded } from "./host-ready.ts";
import { askNumber } from "./number-entry.ts";
import { offlineScreen } from "./offline.ts";
import { showResult } from "./results.ts";
import { reverseWhatIsOwed, tellReversal } from "./reversal.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the host's word stands, in milliseconds. */
const readingTime = 15_000;

/**
 * "Did it go through?": asks the host about a payment, by its voucher number or the last one, and shows what it says beside
 * what this terminal knows. What is in doubt here is reversed afterwards, whatever the host says, but for a payment by code that was made.
 */
export async function askWhatBecame(services: Services): Promise<void> {
  const transaction = await choosePayment(services);
  await signInIfNeeded(services);
  await services.screen.show({
    id: "processing",
    stage: "authorising",
    amount: money(services, transaction.amount),
  });
  const outcome = await services.acquirer.askOutcome(transaction);
  await showResult(services, answerScreen(services, transaction, outcome), readingTime);
  if (states[transaction.state].inDoubt) {
    for (const news of await reverseWhatIsOwed(services)) {
      await tellReversal(services, news);
    }
  }
}

async function choosePayment(services: Services): Promise<Transaction> {
  const voucher = await askNumber(services, { what: "last", operation: "sale", least: 0, most: 6 });
  const { journal } = services;
  const found = await (voucher === "" ? journal.last() : journal.find({ stan: Number(voucher) }));
  if (found === undefined) {
    throw new UserError({ id: "no-original", reason: "unknown" });
  }
  return found;
}

function answerScreen(services: Services, transaction: Transaction, outcome: PaymentOutcome) {
  switch (outcome.kind) {
    case "told":
      return {
        id: "payment-state",
        operation: transaction.type,
        voucher: String(transaction.stan).padStart(6, "0"),
        amount: money(services, outcome.amount ?? transaction.amount),
        host: outcome.state,
        answer: answerOf(transaction, outcome.state),
      } as const;
    case "noAnswer":
      return offlineScreen(services);
    case "unsupported":
      return { id: "error", detail: "query 40" } as const;
    case "mismatch":
      return { id: "error", detail: "query" } as const;
  }
}

/** States of the host in which the money is, or was, the merchant's. */
const went: readonly string[] = Object.freeze(["approved", "voided", "adjusted", "completed", "settled"]);

/** What the merchant is to make of it: both sides agree, or the terminal is still putting it right, or they differ. */
function answerOf(transaction: Transaction, host: string): PaymentAnswer {
  const { inDoubt, owed } = states[transaction.state];
  const hasIt = went.includes(host);
  const { entryMode, state } = transaction;
  if (hasIt && entryMode === "code" && state === "authorising") {
    return "through"; // it was paid, and stands from now on
  }
  if (inDoubt) {
    return hasIt ? "reversing" : "nothing";
  }
  if (owed) {
    return hasIt ? "through" : "owed";
  }
  const nothingHere = ["declined", "reversed", "cancelled"].includes(transaction.state);
  if (nothingHere) {
    return hasIt ? "differs" : "nothing";
  }
  return hasIt ? "through" : "differs";
}
