import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "xspos-watch-"));
test.after(() => rmSync(folder, { recursive: true }));

test("a watched scenario runs again when its file has changed, until somebody ends it", async () => {
  const file = join(folder, "sale.yaml");
  writeFileSync(file, readFileSync("test/flow/zero-amount.yaml"));
  const child = spawn(process.execPath, [command, "run", file, "--watch"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", (status) => resolve(status)));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`never said ${text}: ${output}`)), 60_000);
      const look = (): void => {
        if (!output.includes(text)) return;
        clearTimeout(patience);
        resolve();
      };
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          output += chunk;
          look();
        });
      }
      look();
    });
  try {
    await said("waiting for a change");
    assert.match(output, /^ok .*sale\.yaml/m);
    output = "";
    appendFileSync(file, "  - expect: { screen: approved }\n");
    await said("waiting for a change");
    assert.match(output, /^FAIL .*sale\.yaml/m);
  } finally {
    child.kill("SIGTERM");
  }
  assert.is(await ended, 0);
});

test.run();
