import type { ScreenOf } from "../screen/screens.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** The host did not answer; where one was there that is not the bank's, what was wrong with it. */
export function offlineScreen({ acquirer }: Pick<Services, "acquirer">): ScreenOf<"offline"> {
  const { refused } = acquirer;
  return { id: "offline", ...(refused === undefined ? {} : { refused }) };
}

/** The same, to end a flow with. */
export function offline(services: Pick<Services, "acquirer">): UserError {
  return new UserError(offlineScreen(services));
}
