/** What the nightly million plays next, and what it remembers. */

/** One target's part of a campaign. */
export interface TargetReport {
  readonly firstSeed: number;
  runs: number;
  passed: number;
  /** How often each ending came. */
  readonly tally: Record<string, number>;
  /** What the command said of what failed, seeds among it. */
  readonly failures: string[];
}

/** One campaign: a line of campaigns.jsonl. */
export interface NightlyReport {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly node: string;
  /** Processes at once. */
  readonly jobs: number;
  readonly seconds: number;
  readonly targets: Readonly<Record<string, TargetReport>>;
}

/** Runs of one command. */
export interface Block {
  readonly target: string;
  readonly seed: number;
  readonly count: number;
}

/** Behind the seeds of the campaigns that were led by hand. */
const lowestSeed = 30_000_000;
const blockSize = 5_000;

/** Of five runs. */
const shares: Readonly<Record<string, number>> = { "card-contact": 2, "card-tap": 2, "card-decision": 1 };
const whole = 5;

/** The first seed of a target that no campaign has used. */
export function firstSeed(before: readonly NightlyReport[], target: string): number {
  return Math.max(
    lowestSeed,
    ...before.map(({ targets }) => (targets[target]?.firstSeed ?? 0) + (targets[target]?.runs ?? 0)),
  );
}

/** The next block of the target that is furthest behind its share; undefined when all have theirs. */
export function nextBlock(targets: Readonly<Record<string, TargetReport>>, runs: number): Block | undefined {
  let next: Block | undefined;
  let least = 1;
  for (const [target, share] of Object.entries(shares)) {
    const { firstSeed: first, runs: taken } = targets[target]!;
    const wanted = Math.floor((runs * share) / whole);
    if (taken < wanted && taken / wanted < least) {
      least = taken / wanted;
      next = { target, seed: first + taken, count: Math.min(blockSize, wanted - taken) };
    }
  }
  return next;
}
