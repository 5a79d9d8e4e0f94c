import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { grounds } from "./grounds.ts";

const bundler = new URL("../../simulator/runtime/xs/bundle.ts", import.meta.url).href;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Makes the bytecode of a long module in a process of its own; gives its path. */
async function madeApart(line: string): Promise<string> {
  const script = `
    const { bundle } = await import(${JSON.stringify(bundler)});
    console.log(await bundle({ ground: "xs", entry: { text: ${JSON.stringify(line)}.repeat(40_000) } }));`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return stdout.trim();
}

if (grounds.includes("xs")) {
  test("processes that make the same bytecode at the same time do not spoil it for each other", async () => {
    // A module that nobody has made before.
    const line = `globalThis.drawer?.push(${Date.now()});\n`;
    const [first = "", ...others] = await Promise.all([line, line, line].map(madeApart));
    for (const other of others) assert.is(other, first);
    assert.ok(readFileSync(first).length > 100_000);
  });
}

test.run();
