/** Fuzz target `card-decision`: whole sessions by chip and by tap in which only what the card has decided is heard otherwise. */
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const contact = new Sessions("contact", undefined, { decisionOnly: true });
const taps = new Sessions("contactless", undefined, { decisionOnly: true });

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => (random.below(2) === 0 ? contact : taps).run(random));
}
