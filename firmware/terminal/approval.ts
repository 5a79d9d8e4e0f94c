import type { Transaction } from "../journal/types.ts";
import { printReceipts } from "./receipts.ts";
import { showResult } from "./results.ts";
import { money, type Services } from "./services.ts";

/** How long the news stands before the terminal goes on by itself, in milliseconds. */
export const newsTime = 2_000;

/**
 * Tells of an approval that stands (`confirmed`) and prints its receipts: at the end of a sale, or at the start of a
 * terminal whose power went in between. What is not on paper stays `confirmed`.
 */
export async function finishApproval(services: Services, confirmed: Transaction): Promise<Transaction> {
  const { authorisationCode } = confirmed;
  const amount = money(services, confirmed.amount);
  const code = authorisationCode === undefined ? {} : { authorisationCode };
  await showResult(services, { id: "approved", operation: confirmed.type, amount, ...code }, newsTime);
  return (await printReceipts(services, confirmed)) ? services.journal.advance(confirmed, "receipted") : confirmed;
}
