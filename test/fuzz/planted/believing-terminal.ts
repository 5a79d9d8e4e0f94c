/** A planted bug: a terminal that believes the kind of a cryptogram although the card's own results deny it. */
import { CardError } from "../../../firmware/emv/errors.ts";
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const sessions = new Sessions(
  "contact",
  async (card, verdict) => {
    try {
      return await card.complete(verdict);
    } catch (error) {
      if (error instanceof CardError && error.problem === "refusal") {
        return "agreed";
      }
      throw error;
    }
  },
  { decisionOnly: true, cards: ["bad-refuses-at-the-end", "chip-wrong-arpc"] },
);

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => sessions.run(random));
}
