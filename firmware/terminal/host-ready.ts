import type { Transaction } from "../journal/types.ts";
import { offline } from "./offline.ts";
import { tellWhatIsOwed } from "./owed.ts";
import { restoreIfReplaced } from "./restore.ts";
import { reverseWhatIsOwed, tellReversal } from "./reversal.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the news of an old reversal stands, in milliseconds. */
const newsTime = 2_000;

/** Has session keys from the host, or throws `UserError`. */
export async function signInIfNeeded(services: Services): Promise<void> {
  const { acquirer, screen } = services;
  if (acquirer.signedIn) {
    return restoreIfReplaced(services);
  }
  await screen.show({ id: "sign-in" });
  const outcome = await acquirer.signIn();
  switch (outcome.kind) {
    case "signedIn":
      if (outcome.batch !== undefined) {
        await services.batch.adopt(outcome.batch);
      }
      return restoreIfReplaced(services);
    case "noAnswer":
      throw offline(services);
    case "refused":
      throw new UserError({ id: "error", detail: `sign-in ${outcome.responseCode}` });
    case "mismatch":
      throw new UserError({ id: "error", detail: "sign-in" });
  }
}

/**
 * Sends the reversals that are owed and tells how they ended. Throws `UserError` when one stays unanswered: until the
 * host has confirmed it nothing new is authorised.
 */
export async function sendOwedReversals(services: Services): Promise<void> {
  for (const news of await reverseWhatIsOwed(services)) {
    if (news.screen.id === "no-answer") {
      throw new UserError(news.screen);
    }
    await tellReversal(services, news, newsTime);
  }
}

/** The same in the middle of a transaction whose card can do without the host: false where there are no keys to be had. */
export async function isHostReady(services: Services, later: Transaction[]): Promise<boolean> {
  try {
    await signInIfNeeded(services);
    await tellWhatIsOwed(services, later);
  } catch (error) {
    if (error instanceof UserError) {
      return false;
    }
    throw error;
  }
  return true;
}

/**
 * What must be so before a new request for money: no reversal is owed, and there are session keys. What the host has still
 * to be told goes out first; a host that does not answer to that may yet answer the request.
 * @param later takes what the host took of it, to be printed when the customer is served
 */
export async function makeHostReady(services: Services, later: Transaction[]): Promise<void> {
  await sendOwedReversals(services);
  await signInIfNeeded(services);
  await tellWhatIsOwed(services, later);
}
