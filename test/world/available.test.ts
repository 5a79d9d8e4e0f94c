import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const fixture = fileURLToPath(new URL("fixtures/needs-grounds.ts", import.meta.url));

/** Runs a file of tests that needs grounds, on a machine with that C compiler. */
function runWith(compiler: string, ci: string | undefined, ...grounds: string[]) {
  const { CI: _, ...others } = process.env;
  const env = { ...others, CC: compiler, FORCE_COLOR: "0", ...(ci === undefined ? {} : { CI: ci }) };
  const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", fixture, ...grounds], {
    env,
    encoding: "utf8",
  });
  const count = (what: string) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(stdout)?.[1]);
  const skipped = stdout.split("\n").filter((line) => line.startsWith("SKIPPED"));
  return { status, total: count("Total"), passed: count("Passed"), skipped };
}

test("without a compiler tests that need it are left out, with one line a ground that says what to install", () => {
  const { status, total, passed, skipped } = runWith("no-such-compiler", undefined, "node", "xs", "xs32");
  assert.equal(skipped, [
    "SKIPPED: examples on xs: The xs ground needs a C compiler: apt-get install gcc, then npm install.",
    "SKIPPED: examples on xs32: The xs32 ground needs a C compiler for 32 bits: apt-get install gcc-multilib, then npm install.",
  ]);
  assert.equal({ status, total, passed }, { status: 0, total: 2, passed: 2 });
});

test("with CI set a ground that cannot be had is a failure, and what can run still runs", () => {
  const { status, total, passed, skipped } = runWith("no-such-compiler", "1", "xs", "node");
  assert.equal(skipped, []);
  assert.equal({ status, total, passed }, { status: 1, total: 3, passed: 2 });
});

test("a ground that can be had is not left out", () => {
  const { status, total, passed, skipped } = runWith("no-such-compiler", "1", "node");
  assert.equal({ status, total, passed, skipped }, { status: 0, total: 2, passed: 2, skipped: [] });
});

test.run();
