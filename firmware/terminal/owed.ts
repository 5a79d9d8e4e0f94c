import { tellOwed } from "../acquirer/owed.ts";
import type { Transaction } from "../journal/types.ts";
import { turnOfItsOwn } from "../turn.ts";
import { finishApproval } from "./approval.ts";
import { showResult } from "./results.ts";
import { disputeNews, tellReversal } from "./reversal.ts";
import { money, type Services } from "./services.ts";

/** How long bad news from the host stands, in milliseconds. */
const newsTime = 2_000;

/** After so long at the idle screen the host is told what it is owed; twice as long after each time in vain. */
export const owedPatience = Object.freeze({ first: 30_000, longest: 900_000 } as const);

/**
 * Tells the host what it has still to be told. What the host takes is told and printed where it is not on paper yet; a
 * refusal is shown, and a dispute printed.
 * @param later takes what is to be told and printed when the customer who waits now is served; absent: nobody waits
 * @returns true when nothing is owed any more
 */
export async function tellWhatIsOwed(services: Services, later?: Transaction[]): Promise<boolean> {
  const { journal, acquirer, screen } = services;
  await turnOfItsOwn();
  const onOwed = () => screen.show({ id: "processing", stage: "telling" });
  const owed = await tellOwed(journal, acquirer, { onOwed });
  for (const id of owed.taken) {
    const transaction = await journal.find({ id });
    if (transaction?.state === "acknowledged") {
      await turnOfItsOwn();
      await (later?.push(transaction) ?? finishApproval(services, transaction));
    }
  }
  for (const id of owed.refused) {
    const transaction = await journal.find({ id });
    if (transaction !== undefined) await tellRefusal(services, transaction);
  }
  return owed.kind === "clear";
}

function tellRefusal(services: Services, refused: Transaction): Promise<void> {
  if (refused.state === "disputed") {
    return tellReversal(services, disputeNews(services, refused), newsTime);
  }
  const { responseCode } = refused;
  const code = responseCode === undefined ? {} : { code: responseCode };
  return showResult(services, { id: "declined", amount: money(services, refused.amount), ...code }, newsTime);
}
