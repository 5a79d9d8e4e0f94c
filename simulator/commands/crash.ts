import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cut, type Outcome, withoutCut } from "../crash/crash.ts";
import { firstCuts, secondCuts } from "../crash/plan.ts";
import { MOST_WAYS, USUAL_WAYS } from "../crash/ways.ts";
import { type Job, type Verdict, Workers, work } from "../crash/workers.ts";
import { type GroundName, groundOf } from "../runtime/grounds.ts";
import { ScenarioError } from "../scenario/document.ts";
import { groundName, readArguments, UsageError, wholeNumber } from "./arguments.ts";

const FLOWS = fileURLToPath(new URL("../../test/flow/", import.meta.url));
/** Cuts that a worker makes before it is asked for the next ones. */
const CHUNK = 8;
/** After so many cuts a long run says how far it is. */
const NEWS = 100;

interface Options {
  readonly ground: GroundName;
  /** Over the scenarios' own seeds; also picks second cuts. */
  readonly seed: number | undefined;
  readonly double: boolean;
  /** In how many ways each operation is cut (../crash/ways.ts). */
  readonly ways: number;
  /** How many second cuts a scenario gets at most; absent: the plan's own number. */
  readonly most: number | undefined;
  /** The one cut to be made. */
  readonly only: Cut | undefined;
}

interface Count {
  /** Flash operations of the scenarios, and cuts in them. */
  operations: number;
  cuts: number;
  /** Second cuts that were made, and that there are. */
  second: number;
  secondOfAll: number;
  passed: number;
  failed: number;
}

/**
 * `xspos crash [--scenario FILE] [FILE...] [--ways N] [--double [--most N]] [--ground G] [--seed N] [--cut N[,M][:WAY]]`:
 * without a file days of business (`test/flow/day*.yaml`) or, where there is none, every scenario of `test/flow`.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, {
    scenario: "string",
    ground: "string",
    seed: "string",
    cut: "string",
    ways: "string",
    most: "string",
    double: "boolean",
    worker: "boolean",
  });
  if (values.worker === true) {
    await work();
    return 0;
  }
  const seed = wholeNumber("seed", values.seed);
  const options: Options = {
    ground: groundName(values.ground),
    seed,
    double: values.double === true,
    ways: wholeNumber("ways", values.ways, 1) ?? USUAL_WAYS,
    most: wholeNumber("most", values.most, 1),
    only: readCut(values.cut),
  };
  if (options.ways > MOST_WAYS) throw new UsageError(`there are ${MOST_WAYS} ways at most`);
  if (options.most !== undefined && !options.double) throw new UsageError("--most is for --double");
  const files = [...(values.scenario === undefined ? [] : [values.scenario]), ...words];
  const count: Count = { operations: 0, cuts: 0, second: 0, secondOfAll: 0, passed: 0, failed: 0 };
  await groundOf(options.ground);
  const workers = new Workers(availableParallelism());
  try {
    await Promise.all(
      Array.from({ length: 2 }, async (_, index, queue = files.length > 0 ? files : defaults()) => {
        for (let at = index; at < queue.length; at += 2) await crashFile(queue[at]!, options, workers, count);
      }),
    );
  } finally {
    workers.close();
  }
  const where = options.only === undefined ? ` at ${count.operations} flash operations` : "";
  process.stdout.write(`${count.cuts} cuts${where}\n`);
  if (options.double) {
    const sample = count.second < count.secondOfAll ? `, sampled by seed ${options.seed ?? 1}` : "";
    process.stdout.write(`${count.second} of ${count.secondOfAll} second cuts${sample}\n`);
  }
  process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
  return count.failed === 0 && count.passed > 0 ? 0 : 1;
}

function defaults(): string[] {
  const all = readdirSync(FLOWS).filter((name) => name.endsWith(".yaml"));
  const days = all.filter((name) => /^day\b/.test(name));
  return (days.length > 0 ? days : all).map((name) => relative(process.cwd(), FLOWS + name));
}

/** `N` or `N,M`: the flash operation of the scenario, and of the recovery; `:WAY` is what the cut leaves of it. */
function readCut(text: string | undefined): Cut | undefined {
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,8})(?:,([1-9]\d{0,8}))?(?::([1-9]\d?))?$/.exec(text);
  if (match === null)
    throw new UsageError("--cut takes the number of a flash operation, or two with a comma, and :WAY");
  const [, first, second, way] = match;
  return {
    first: Number(first),
    ...(second === undefined ? {} : { second: Number(second) }),
    ...(way === undefined ? {} : { way: Number(way) }),
  };
}

/** Cuts one scenario wherever it can be cut. */
async function crashFile(file: string, options: Options, workers: Workers, count: Count): Promise<void> {
  const started = performance.now();
  const scenario = { file, text: readText(file), ...(options.seed === undefined ? {} : { seed: options.seed }) };
  const whole = await tryWhole({ ...scenario, ground: await groundOf(options.ground) });
  if (whole.problems.length > 0) {
    count.failed++;
    process.stdout.write(`${file}, without a cut: ${whole.problems.join("; ")}\n`);
    return;
  }
  const job = { ...scenario, ground: options.ground, disputes: whole.disputes };
  const cutAll = (cuts: readonly Cut[]): Promise<readonly Verdict[]> => makeCuts(job, cuts, options, workers);
  const first = await cutAll(options.only === undefined ? firstCuts(whole.operations, options.ways) : [options.only]);
  const all = [...first];
  if (options.double) {
    const recoveries = first
      .filter(({ cut }) => cut.way === undefined)
      .map(({ cut, operations }) => ({ first: cut.first, operations }));
    const second = secondCuts(recoveries, options.seed ?? 1, options.most);
    all.push(...(await cutAll(second.cuts)));
    count.second += second.cuts.length;
    count.secondOfAll += second.all;
  }
  const failed = all.filter(({ problems }) => problems.length > 0).length;
  count.operations += whole.operations;
  count.cuts += first.length;
  count.passed += all.length - failed;
  count.failed += failed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${failed === 0 ? "ok  " : "FAIL"} ${file}: ${all.length} cuts (${seconds} s)\n`);
}

async function tryWhole(victim: Parameters<typeof withoutCut>[0]): Promise<Outcome> {
  try {
    return await withoutCut(victim);
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(`${victim.file}: ${error.message}`);
    throw error;
  }
}

/** Makes the cuts; says at once what does not hold, and now and then how far it is. */
async function makeCuts(
  scenario: Omit<Job, "cuts">,
  cuts: readonly Cut[],
  options: Options,
  workers: Workers,
): Promise<readonly Verdict[]> {
  let made = 0;
  const chunk = async (at: number): Promise<readonly Verdict[]> => {
    const verdicts = await workers.run({ ...scenario, cuts: cuts.slice(at, at + CHUNK) });
    for (const verdict of verdicts) {
      if (verdict.problems.length > 0) process.stdout.write(complaint(scenario.file, options, verdict));
      made++;
      if (made % NEWS === 0) process.stderr.write(`     ${scenario.file}: ${made} of ${cuts.length} cuts\n`);
    }
    return verdicts;
  };
  const chunks = Array.from({ length: Math.ceil(cuts.length / CHUNK) }, (_, index) => chunk(index * CHUNK));
  return (await Promise.all(chunks)).flat();
}

function complaint(file: string, { ground, seed }: Options, { cut, problems }: Verdict): string {
  const { first, second, way } = cut;
  const place = `${first}${second === undefined ? "" : `,${second}`}${way === undefined ? "" : `:${way}`}`;
  const again = `${ground === "node" ? "" : ` --ground ${ground}`}${seed === undefined ? "" : ` --seed ${seed}`}`;
  return `${problems.join("; ")}\n  again: xspos crash --scenario ${file} --cut ${place}${again}\n`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
