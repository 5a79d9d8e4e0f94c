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
 * Runs uvu test files on an XS ground, each in a process of its own, with the uvu of this folder in uvu's place. A file
 * that ends without its results counts as one failure.
 * @throws GroundUnavailable with what to install
 */
export async function runUnitTestsOnXs(files: readonly string[], ground: XsGround): Promise<UnitTestResult> {
  const waiting = [...files];
  const results: UnitTestResult[] = [];
  async function worker(): Promise<void> {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      results.push(await runFile(file, ground));
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    output: results.map((result) => result.output).join(""),
  };
}

async function runFile(file: string, ground: XsGround): Promise<UnitTestResult> {
  const uvu = join(xsFolder, "uvu");
  const lines: string[] = [];
  let counts: { passed: number; failed: number } | undefined;
  const text = `import ${JSON.stringify(file)};\nexport { runQueue as main } from ${JSON.stringify(join(uvu, "index.ts"))};`;
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
  const { passed, failed } = counts ?? { passed: 0, failed: 1 };
  const name = relative(projectFolder, file);
  return { passed, failed, output: failed > 0 ? `${name} on ${ground}\n${lines.join("\n")}\n` : "" };
}
