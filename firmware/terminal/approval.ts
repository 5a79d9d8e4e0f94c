import { changeOriginal } from "../journal/originals.ts";
import type { Transaction, TransactionState, TransactionType } from "../journal/types.ts";
import type { Screen } from "../screen/screens.ts";
import { walletOf } from "./details.ts";
import { placeOfMoney } from "./place-of-money.ts";
import { printReceipts } from "./receipts.ts";
import { showResult, takeCard } from "./results.ts";
import { money, type Services } from "./services.ts";

/** How long the news stands before the terminal goes on by itself, in milliseconds. */
export const newsTime = 2_000;

/** Approvals without the host: their state tells where the host is with them, and a mark that they are on paper. */
export const withoutHost: readonly TransactionState[] = Object.freeze(["offlineApproved", "uploading", "uploaded"]);

/** True for an approval that stands and whose receipts are not on paper yet. */
export function isUnprinted({ state, printed }: Transaction): boolean {
  return state === "confirmed" || (withoutHost.includes(state) && printed !== true);
}

/** Notes that the receipts of an approval are on paper. */
export async function noteReceipts({ journal }: Services, approval: Transaction): Promise<Transaction> {
  if (approval.state === "confirmed" || approval.state === "acknowledged") {
    return journal.advance(approval, "receipted");
  }
  return isUnprinted(approval) ? journal.note(approval, { printed: true }) : approval;
}

/**
 * Tells of an approval that stands (`confirmed`, `acknowledged`, or given without the host), brings the transaction that it changes to where it
 * belongs, and prints the receipts: at the end of a flow, when the host has taken what it was owed, or at the start of a
 * terminal whose power went in between. What is not on paper stays as it is.
 */
export async function finishApproval(services: Services, approved: Transaction): Promise<Transaction> {
  await changeOriginal(services.journal, approved);
  if (approved.printed !== true) {
    await showApproval(services, approved);
    if (!(await printReceipts(services, approved))) {
      return approved;
    }
  }
  return noteReceipts(services, approved);
}

/** What the customer is promised before the host knows of it: the goods or the room are gone. */
const promises: readonly TransactionType[] = Object.freeze(["offlineSale", "completionAdvice"]);

/** A promise that is not on paper, and of which the host need not have heard. */
export function isPromise({ type, state, printed }: Transaction): boolean {
  return promises.includes(type) && (state === "queued" || state === "sent") && printed !== true;
}

/** Tells of a promise and prints it before the host knows of it. */
export async function finishPromise(services: Services, promise: Transaction): Promise<Transaction> {
  await showApproval(services, promise);
  return (await printReceipts(services, promise)) ? services.journal.note(promise, { printed: true }) : promise;
}

/** What gives the merchant money now. */
const payments: readonly TransactionType[] = Object.freeze(["sale", "offlineSale", "completion", "completionAdvice"]);

async function showApproval(services: Services, approved: Transaction): Promise<void> {
  if (payments.includes(approved.type)) services.voice?.say(approved.amount, services.screen.language);
  await showResult(services, approvalScreen(services, approved), newsTime);
}

/** What tells of an approval. */
export function approvalScreen(services: Services, approved: Transaction): Screen {
  const { authorisationCode, type } = approved;
  const amount = money(services, approved.amount);
  const code = authorisationCode === undefined ? {} : { authorisationCode };
  const funds = placeOfMoney(approved);
  const place = funds === undefined ? {} : { funds };
  const said = { operation: type, amount, ...code, ...place };
  return approved.entryMode === "code"
    ? { id: "paid", ...said, ...walletOf(approved) }
    : { id: "approved", ...said, ...takeCard(services) };
}
