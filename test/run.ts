/**
 * Runs all tests: the unit tests on Node and on XS, everything else on Node (which starts the other grounds itself).
 * Last line: `N passed, N failed`. With CI set, what could not run counts as failed. With `--all` also what takes minutes
 * (everything.ts). A word picks the jobs that have it in their names.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GroundUnavailable } from "../simulator/runtime/ground.ts";
import { runUnitTestsOnXs } from "../simulator/runtime/xs/unit-tests.ts";
import { bundledTests } from "./bundle.ts";
import { askedFor } from "./everything.ts";
import { compareDigests } from "./flow-digests.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Folders whose tests start their grounds themselves: those that wait for real time first, while others compute, then the longest; what is short fills the end. */
const NODE_FOLDERS = [
  ...["browser", "world", "fuzz", "xs", "crash", "host", "cards"],
  ...["unit", "vectors", "contract", "golden", "manifest", "screen"],
];
const XS_GROUNDS = ["xs", "xs32"] as const;
/** Every scenario runs on each of these grounds, a job a part. */
const FLOWS = [
  { ground: "xs", part: "1/2" },
  { ground: "xs", part: "2/2" },
  { ground: "xs32", part: "1/1" },
  { ground: "node", part: "1/1" },
] as const;

interface Count {
  passed: number;
  failed: number;
}

function testFiles(folder: string): string[] {
  const path = join(root, "test", folder);
  let entries: string[];
  try {
    entries = readdirSync(path, { recursive: true }) as string[];
  } catch {
    return [];
  }
  return entries
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => join(path, name));
}

/** Their tests load modules of this project by name, which no bundle can hold. */
const BY_FILE = ["fuzz", "manifest", "vectors", "xs"];

/** What a process runs a folder's tests with: from the bundle, or each module from its own file. */
function uvuOf(folder: string): string[] {
  const uvu = join(root, "node_modules/uvu/bin.js");
  if (BY_FILE.includes(folder)) return ["--import", "tsx", uvu, `test/${folder}`, "\\.test\\.ts$"];
  return ["--enable-source-maps", uvu, join(bundle, "test", folder), "\\.test\\.mjs$"];
}

/** One process a folder; uvu's own summary is read. */
function onNode(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<Count> {
  if (testFiles(folder).length === 0) {
    console.log(`test/${folder} holds no tests`);
    return Promise.resolve({ passed: 0, failed: 1 });
  }
  return new Promise((resolve) => {
    const env = { ...process.env, ...settings, FORCE_COLOR: "0" };
    const child = spawn(process.execPath, uvuOf(folder), { cwd: root, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.on("close", (code) => {
      const total = Number(/^\s*Total:\s+(\d+)/m.exec(output)?.[1] ?? 0);
      const passed = Number(/^\s*Passed:\s+(\d+)/m.exec(output)?.[1] ?? 0);
      const ran = total > 0 || /^SKIPPED: /m.test(output);
      const failed = Math.max(total - passed, code === 0 && ran ? 0 : 1);
      if (failed > 0) process.stdout.write(output);
      else for (const line of output.split("\n")) if (/SKIPPED/.test(line)) console.log(line);
      resolve({ passed, failed });
    });
  });
}

async function onXs(ground: (typeof XS_GROUNDS)[number]): Promise<Count> {
  try {
    if ((await askedFor([ground], "unit tests")).length === 0) return { passed: 0, failed: 0 };
    const result = await runUnitTestsOnXs(testFiles("unit"), ground);
    if (result.failed > 0) console.log(result.output);
    return { passed: result.passed, failed: result.failed };
  } catch (error) {
    if (!(error instanceof GroundUnavailable)) throw error;
    console.log(`SKIPPED: unit tests on ${ground}: ${error.message}`);
    return { passed: 0, failed: process.env.CI === undefined ? 0 : 1 };
  }
}

/** Three more than two processors take: browsers, card readers, databases and the other end of a bridge are waited for. */
const WORKERS = 5;
if (process.argv.includes("--all")) process.env.XSPOS_TEST_EVERYTHING = "1";
const [only] = process.argv.slice(2).filter((word) => word !== "--all");
const digests = mkdtempSync(join(tmpdir(), "xspos-digests-"));
const jobs: { readonly name: string; readonly run: () => Promise<Count> }[] = [
  ...FLOWS.map(({ ground, part }) => ({
    name: `test/flow on ${ground}${part === "1/1" ? "" : `, part ${part}`}`,
    run: () => onNode("flow", { XSPOS_FLOW_GROUND: ground, XSPOS_FLOW_PART: part, XSPOS_FLOW_DIGESTS: digests }),
  })),
  ...XS_GROUNDS.map((ground) => ({ name: `unit tests on ${ground}`, run: () => onXs(ground) })),
  ...NODE_FOLDERS.map((folder) => ({ name: `test/${folder} on node`, run: () => onNode(folder) })),
].filter((job) => only === undefined || job.name.includes(only));

const sum: Count = { passed: 0, failed: 0 };
async function worker(): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const started = Date.now();
    const count = await job.run();
    sum.passed += count.passed;
    sum.failed += count.failed;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${job.name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  }
}
const [bundle, removeBundle] = await bundledTests(
  root,
  [...NODE_FOLDERS, "flow"].filter((folder) => !BY_FILE.includes(folder)).flatMap(testFiles),
);
try {
  await Promise.all(Array.from({ length: WORKERS }, worker));
  if (existsSync(join(digests, "node"))) {
    const { passed, failed } = compareDigests(digests);
    sum.passed += passed;
    sum.failed += failed;
    console.log(`test/flow to the byte as on node: ${passed} passed, ${failed} failed`);
  }
} finally {
  removeBundle();
  rmSync(digests, { recursive: true });
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
