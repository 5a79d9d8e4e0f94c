/** A planted bug: a terminal that takes a card's failure at the end for its agreement. */
import { CardError } from "../../../firmware/emv/errors.ts";
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const sessions = new Sessions("contact", async (card, verdict) => {
  try {
    return await card.complete(verdict);
  } catch (error) {
    if (error instanceof CardError) {
      return "agreed";
    }
    throw error;
  }
});

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => sessions.run(random));
}
