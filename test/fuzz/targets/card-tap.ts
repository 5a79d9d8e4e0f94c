/** Fuzz target `card-tap`: whole contactless sessions with the simulator's cards, of whose answers some are spoilt. */
import { Sessions } from "../card/sessions.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const sessions = new Sessions("contactless");

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => sessions.run(random));
}
