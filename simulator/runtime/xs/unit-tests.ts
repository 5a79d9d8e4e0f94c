import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { projectFolder, type XsGround, xsFolder } from "./bundle.ts";
import { startXs, type XsExit } from "./ground.ts";

export interface UnitTestResult {
  readonly passed: number;
  readonly failed: number;
  /** What the failed ones said, a file's name before each. */
  readonly output: string;
}

/**
 * Runs uvu test files on an XS ground with the uvu of this folder in uvu's place: a process a part of the files, in one
 * bundle, so that what they share is compiled once a part. A part that cannot be built, or ends without its results, is
 * run file by file: one that does so by itself counts as one failure.
 * @throws GroundUnavailable with what to install
 */
export async function runUnitTestsOnXs(
  files: readonly string[],
  ground: XsGround,
  parts = availableParallelism(),
): Promise<UnitTestResult> {
  const results = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      runPart(
        files.filter((_file, place) => place % parts === part),
        ground,
      ),
    ),
  );
  return sumOf(results.flat());
}

function sumOf(results: readonly UnitTestResult[]): UnitTestResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    output: results.map((result) => result.output).join(""),
  };
}

async function runPart(files: readonly string[], ground: XsGround): Promise<UnitTestResult[]> {
  if (files.length === 0) return [];
  const together = await runFiles(files, ground);
  if (together.counts !== undefined || files.length === 1) return [resultOf(files, together, ground)];
  const results: UnitTestResult[] = [];
  for (const file of files) results.push(resultOf([file], await runFiles([file], ground), ground));
  return results;
}

/** What a run of files printed, and how many tests passed and failed where it came to its end. */
interface Run {
  readonly counts: { readonly passed: number; readonly failed: number } | undefined;
  readonly lines: readonly string[];
}

function resultOf(files: readonly string[], { counts, lines }: Run, ground: XsGround): UnitTestResult {
  const { passed, failed } = counts ?? { passed: 0, failed: 1 };
  const [first = ""] = files;
  const names = relative(projectFolder, first) + (files.length === 1 ? "" : ` and ${files.length - 1} more`);
  return { passed, failed, output: failed > 0 ? `${names} on ${ground}\n${lines.join("\n")}\n` : "" };
}

async function runFiles(files: readonly string[], ground: XsGround): Promise<Run> {
  const uvu = join(xsFolder, "uvu");
  const lines: string[] = [];
  let counts: Run["counts"];
  const text = [
    ...files.map((file) => `import ${JSON.stringify(file)};`),
    `export { runQueue as main } from ${JSON.stringify(join(uvu, "index.ts"))};`,
  ].join("\n");
  let exit: XsExit;
  try {
    const xs = await startXs({
      ground,
      entry: { text },
      alias: { uvu },
      onPrint(line) {
        if (line.startsWith("results {")) counts = JSON.parse(line.slice("results ".length)) as typeof counts;
        else lines.push(line);
      },
    });
    xs.hangUp();
    exit = await xs.exit;
  } catch (error) {
    if (error instanceof Error && error.name === "GroundUnavailable") throw error;
    exit = { status: undefined, reason: error instanceof Error ? error.message : String(error) };
  }
  if (exit.reason !== undefined) lines.push(exit.reason);
  return { counts, lines };
}
