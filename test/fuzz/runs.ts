/** What every target does with a request of the `fuzz` command: runs by seed, one after another. */
import { SeededRandom } from "../../simulator/world/random.ts";

/** How one run ended: a word for the tally, and what was wrong, if anything. */
export interface RunResult {
  readonly ending: string;
  readonly problem?: string;
}

/** What the command is told: how often each ending came, and seed and problem of each failure. */
export interface Report {
  readonly tally: Record<string, number>;
  readonly failures: (readonly [seed: number, problem: string])[];
}

/** Does the runs of a request `[first seed, count]`: run `n` has seed `first + n` and nothing else, so each can be repeated alone. */
export async function fuzzRuns(
  request: unknown,
  one: (random: SeededRandom) => RunResult | Promise<RunResult>,
): Promise<Report> {
  const [first, count] = request as readonly [number, number];
  const report: Report = { tally: {}, failures: [] };
  for (let seed = first; seed < first + count; seed++) {
    const { ending, problem } = await one(new SeededRandom(seed, "fuzz"));
    report.tally[ending] = (report.tally[ending] ?? 0) + 1;
    if (problem !== undefined) {
      report.failures.push([seed, problem]);
    }
  }
  return report;
}
