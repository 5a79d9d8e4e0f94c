/** Fuzz target `host`: scenarios in which one message between terminal and host is spoilt, both ways, field by field. */
import { SeededRandom } from "../../../simulator/world/random.ts";
import { places } from "../host/places.ts";
import { spoilt } from "../host/spoilt.ts";
import type { Report } from "../runs.ts";

/** Runs whose numbers follow one another are at places far from each other; so many as there are places visit each once. */
const STRIDE = 7919;

export async function fuzz(request: unknown): Promise<Report> {
  const [first, count] = request as readonly [number, number];
  const all = await places();
  const report: Report = { tally: {}, failures: [] };
  for (let seed = first; seed < first + count; seed++) {
    const place = all[(seed * STRIDE) % all.length]!;
    const { ending, problem } = await spoilt(place, new SeededRandom(seed, "fuzz"));
    report.tally[ending] = (report.tally[ending] ?? 0) + 1;
    if (problem !== undefined) report.failures.push([seed, problem]);
  }
  return report;
}
