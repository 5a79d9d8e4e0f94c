import { FormatError } from "../codec/errors.ts";
import { CardError } from "../emv/errors.ts";
import { JournalFullError } from "../journal/types.ts";
import type { Screen } from "../screen/screens.ts";
import { UserError } from "./user-error.ts";

/** The screen that an error of a flow ends in. What is none of the expected errors is a fault of ours: thrown on. */
export function screenOfError(error: unknown): Screen {
  if (error instanceof UserError) {
    return error.screen;
  }
  if (error instanceof JournalFullError) {
    return { id: "settlement", stage: "due", reason: "full" };
  }
  if (error instanceof FormatError) {
    return { id: "card-unreadable" };
  }
  if (error instanceof CardError) {
    return screenOfCard(error);
  }
  throw error;
}

function screenOfCard(error: CardError): Screen {
  switch (error.problem) {
    case "removed":
      return { id: "cancelled", by: "card-removed" };
    case "cardBlocked":
    case "applicationBlocked":
      return { id: "card-blocked" };
    default:
      return { id: "card-unreadable" };
  }
}
