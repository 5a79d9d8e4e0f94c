import { test } from "uvu";
import * as assert from "uvu/assert";
import { firstSeed, type NightlyReport, nextBlock, type TargetReport } from "./nightly-plan.ts";

const fresh = (seed: number): TargetReport => ({ firstSeed: seed, runs: 0, passed: 0, tally: {}, failures: [] });

test("a campaign plays each target's share, every seed once", () => {
  const targets = { "card-contact": fresh(100), "card-tap": fresh(200), "card-decision": fresh(300) };
  const played: Record<string, number[]> = {};
  for (let block = nextBlock(targets, 32_000); block !== undefined; block = nextBlock(targets, 32_000)) {
    const { target, seed, count } = block;
    assert.is(seed, targets[target as keyof typeof targets].firstSeed + targets[target as keyof typeof targets].runs);
    targets[target as keyof typeof targets].runs += count;
    played[target] = [...(played[target] ?? []), count];
  }
  assert.equal(played, {
    "card-contact": [5_000, 5_000, 2_800],
    "card-tap": [5_000, 5_000, 2_800],
    "card-decision": [5_000, 1_400],
  });
});

test("no campaign repeats a seed of one before", () => {
  const report = (seed: number, runs: number): NightlyReport => ({
    date: "2026-11-27",
    node: "v20.0.0",
    jobs: 2,
    seconds: 1,
    targets: { "card-tap": { ...fresh(seed), runs } },
  });
  assert.is(firstSeed([], "card-tap"), 30_000_000);
  assert.is(firstSeed([report(30_000_000, 7), report(30_000_007, 3)], "card-tap"), 30_000_010);
  assert.is(firstSeed([report(30_000_000, 7)], "card-contact"), 30_000_000);
});

test.run();
