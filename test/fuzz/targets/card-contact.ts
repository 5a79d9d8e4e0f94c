/** Fuzz target `card-contact`: whole contact sessions with the simulator's cards, of whose answers some are spoilt. */
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const sessions = new Sessions("contact");

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => sessions.run(random));
}
