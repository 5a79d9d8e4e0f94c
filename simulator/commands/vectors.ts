import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroundName } from "../runtime/grounds.ts";
import { type Checker, startChecker } from "../runtime/xs/checker.ts";
import { groundName, readArguments, UsageError } from "./arguments.ts";

export interface CaseResult {
  readonly file: string;
  readonly id: string;
  readonly passed: boolean;
  readonly why?: string;
}

/** Kinds whose code under test is the simulator's own (the issuer's side): they have no other ground than Node. */
const WORLD_KINDS: ReadonlySet<string> = new Set(["emv-cryptogram", "pin-verify"]);

/** `xspos vectors FILE... [--ground G] [--json]`: the file's name is the kind of its cases. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { ground: "string", json: "boolean" });
  if (words.length === 0) throw new UsageError("give at least one file of test values");
  const ground = groundName(values.ground);
  const results: CaseResult[] = [];
  for (const file of words) results.push(...(await checkFile(file, ground)));
  const failed = results.filter((result) => !result.passed);
  if (values.json === true) {
    process.stdout.write(
      `${JSON.stringify({ passed: results.length - failed.length, failed: failed.length, results })}\n`,
    );
  } else {
    for (const { file, id, why } of failed) process.stdout.write(`${file} ${id}: ${why}\n`);
    process.stdout.write(`${results.length - failed.length} passed, ${failed.length} failed\n`);
  }
  return failed.length === 0 && results.length > 0 ? 0 : 1;
}

/** Checks the cases of one file on a ground. Throws `GroundUnavailable`. */
export async function checkFile(file: string, ground: GroundName): Promise<CaseResult[]> {
  const kind = basename(file).replace(/\.json$/, "");
  const cases = readCases(file);
  const checkerPath = fileURLToPath(new URL(`../../test/vectors/checkers/${kind}.ts`, import.meta.url));
  if (!/^[a-z0-9-]+$/.test(kind) || !existsSync(checkerPath)) {
    return cases.map((one, place) => ({ file, id: idOf(one, place), passed: false, why: `no checker for "${kind}"` }));
  }
  const checker = await startChecker(checkerPath, WORLD_KINDS.has(kind) ? "node" : ground, "check");
  const results: CaseResult[] = [];
  try {
    for (const [place, one] of cases.entries()) {
      const id = idOf(one, place);
      const why = await verdictOn(one, checker);
      results.push(why === undefined ? { file, id, passed: true } : { file, id, passed: false, why });
    }
  } finally {
    await checker.close();
  }
  return results;
}

/** What is wrong with a case; one that the checker does not understand is wrong, too. */
async function verdictOn(one: unknown, checker: Checker): Promise<string | undefined> {
  try {
    const why = await checker.ask(one);
    return why === undefined || why === null ? undefined : String(why);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readCases(file: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(parsed)) throw new UsageError(`${file}: not a list of cases`);
  return parsed;
}

function idOf(one: unknown, place: number): string {
  const id = typeof one === "object" && one !== null && "id" in one ? (one as { id: unknown }).id : undefined;
  return typeof id === "string" ? id : `#${place + 1}`;
}
