import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GroundName } from "../runtime/grounds.ts";
import { startChecker } from "../runtime/xs/checker.ts";
import { groundName, readArguments, UsageError, wholeNumber } from "./arguments.ts";

/** What a campaign came to: how often each ending came, and seed and problem of each run that failed. */
export interface Campaign {
  readonly runs: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly failures: readonly (readonly [seed: number, problem: string])[];
}

interface CampaignOptions {
  readonly runs: number;
  /** Run `n` has this seed plus `n`. */
  readonly seed: number;
  readonly ground?: GroundName;
}

const DEFAULT_RUNS = 1000;
/** Runs that are asked for at once, and how long they may take, in milliseconds, before they count as endless. */
const BATCH = 100;
const PATIENCE = 120_000;

/** Targets with the simulator's own cards in them, which need Node. */
const NODE_ONLY: ReadonlySet<string> = new Set(["card-contact", "card-tap", "card-decision", "host", "recorded"]);

/** `xspos fuzz TARGET [--runs N] [--seed N] [--ground G]`: a target is a module of test/fuzz/targets. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { runs: "string", seed: "string", ground: "string" });
  const [target = ""] = words;
  const path = fileURLToPath(new URL(`../../test/fuzz/targets/${target}.ts`, import.meta.url));
  if (words.length !== 1 || !/^[a-z0-9-]+$/.test(target) || !existsSync(path)) {
    throw new UsageError(words.length === 1 ? `there is no target "${target}"` : "give one target");
  }
  const ground = groundName(values.ground);
  if (ground !== "node" && NODE_ONLY.has(target)) throw new UsageError(`${target} runs on node only`);
  const runs = wholeNumber("runs", values.runs, 1) ?? DEFAULT_RUNS;
  const seed = wholeNumber("seed", values.seed) ?? 1;
  const { tally, failures } = await campaign(path, { runs, seed, ground });
  const again = ground === "node" ? "" : ` --ground ${ground}`;
  for (const [failed, problem] of failures) {
    process.stdout.write(`${problem}\n  again: xspos fuzz ${target} --runs 1 --seed ${failed}${again}\n`);
  }
  for (const [ending, count] of Object.entries(tally).sort()) process.stdout.write(`${ending}: ${count}\n`);
  process.stdout.write(`${runs - failures.length} passed, ${failures.length} failed\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Runs a target module, which exports `fuzz([seed, count])`, on a ground. Throws `GroundUnavailable`. */
export async function campaign(path: string, { runs, seed, ground = "node" }: CampaignOptions): Promise<Campaign> {
  const checker = await startChecker(path, ground, "fuzz");
  const tally: Record<string, number> = {};
  const failures: (readonly [number, string])[] = [];
  try {
    for (let done = 0; done < runs; done += BATCH) {
      const count = Math.min(BATCH, runs - done);
      const report = (await inTime(checker.ask([seed + done, count]), seed + done)) as Campaign;
      for (const [ending, times] of Object.entries(report.tally)) tally[ending] = (tally[ending] ?? 0) + times;
      failures.push(...report.failures);
    }
  } finally {
    await checker.close();
  }
  return { runs, tally, failures };
}

/** What never ends is an error that says where it began. */
async function inTime(answer: Promise<unknown>, seed: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end of the ${BATCH} runs from seed ${seed}`)), PATIENCE);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
