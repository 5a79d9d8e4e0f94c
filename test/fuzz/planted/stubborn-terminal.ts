/** A planted bug: a terminal that asks a card that fails again and again. */
import { CardError } from "../../../firmware/emv/errors.ts";
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const sessions = new Sessions("contact", async (card, verdict) => {
  for (;;) {
    try {
      return await card.complete(verdict);
    } catch (error) {
      if (!(error instanceof CardError)) {
        throw error;
      }
    }
  }
});

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => sessions.run(random));
}
