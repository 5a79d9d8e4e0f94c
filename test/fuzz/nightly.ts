/**
 * The nightly million: `npm run nightly [-- --runs N] [--minutes M] [--jobs J]`. Sessions with spoilt answers by chip, by tap and with
 * nothing spoilt but decisions (2 : 2 : 1), from seeds that were not used before, until all are done or the time is up. What came
 * of it is a line of campaigns.jsonl, to be committed. Last line and exit code as `xspos fuzz` has them.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Block, firstSeed, type NightlyReport, nextBlock, type TargetReport } from "./nightly-plan.ts";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));
const file = fileURLToPath(new URL("campaigns.jsonl", import.meta.url));

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "600" },
    jobs: { type: "string", default: "2" },
  },
});
const [runs, minutes, jobs] = [values.runs, values.minutes, values.jobs].map(wholeNumber) as [number, number, number];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    process.stderr.write("usage: npm run nightly -- [--runs N] [--minutes M] [--jobs J]\n");
    process.exit(2);
  }
  return value;
}

const before: readonly NightlyReport[] = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as NightlyReport)
  : [];
const targets: Record<string, TargetReport> = {};
for (const target of ["card-contact", "card-tap", "card-decision"]) {
  targets[target] = { firstSeed: firstSeed(before, target), runs: 0, passed: 0, tally: {}, failures: [] };
}
const started = Date.now();
const timeIsUp = (): boolean => Date.now() - started > minutes * 60_000;

/** One block in a process of its own; what the command says of it. */
function play({ target, seed, count }: Block): Promise<string[]> {
  return new Promise((resolve) => {
    const args = ["fuzz", target, "--runs", String(count), "--seed", String(seed)];
    const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    child.on("close", () => resolve(output.trimEnd().split("\n")));
  });
}

/** Blocks one after another; a block whose command broke off has failed as a whole, under its first seed. */
async function work(): Promise<void> {
  for (;;) {
    const block = timeIsUp() ? undefined : nextBlock(targets, runs);
    if (block === undefined) return;
    const report = targets[block.target]!;
    report.runs += block.count; // taken: nobody else begins there
    const lines = await play(block);
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? "") ?? [];
    report.passed += Number(passed ?? 0);
    if (failed === undefined) report.failures.push(`from seed ${block.seed}: ${lines.slice(-3).join(" ")}`);
    for (const line of lines) {
      const [, ending, times] = /^([a-z][A-Za-z :]*): (\d+)$/.exec(line) ?? [];
      if (ending !== undefined) report.tally[ending] = (report.tally[ending] ?? 0) + Number(times);
    }
    if (failed !== "0")
      report.failures.push(...lines.filter((line) => !/^[a-z][A-Za-z :]*: \d+$/.test(line)).slice(0, -1));
    const done = Object.values(targets).reduce((sum, one) => sum + one.runs, 0);
    process.stderr.write(`${Math.round((Date.now() - started) / 1000)} s, ${done} runs\n`);
  }
}

await Promise.all(Array.from({ length: jobs }, work));
const all = Object.values(targets);
const [done, passed] = [all.reduce((sum, one) => sum + one.runs, 0), all.reduce((sum, one) => sum + one.passed, 0)];
const seconds = Math.round((Date.now() - started) / 1000);
const report: NightlyReport = {
  date: new Date(started).toISOString().slice(0, 10),
  node: process.version,
  jobs,
  seconds,
  targets,
};
appendFileSync(file, `${JSON.stringify(report)}\n`);
for (const [target, { firstSeed: seed, runs: count, passed: good, failures }] of Object.entries(targets)) {
  process.stdout.write(`${target}: ${count} from seed ${seed}, ${good} passed\n`);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
}
process.stdout.write(`${passed} passed, ${done - passed} failed\n`);
process.exit(passed === done ? 0 : 1);
