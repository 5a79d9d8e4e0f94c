import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listen, type RunningServer } from "../../simulator/acquirer/tcp.ts";
import { languageOf } from "../../simulator/commands/sim.ts";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));

/** Runs the command to its end, with what it wrote to standard error. */
function xspos(...args: string[]): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "ignore", "pipe"], timeout: 60_000 });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    child.on("close", (status) => resolve({ status, said }));
  });
}

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const other: RunningServer = await listen(createServer(), 0);
  try {
    await use(other.port);
  } finally {
    await other.close();
  }
}

for (const [verb, ...rest] of [
  ["sim", "--tls", "--port"],
  ["host", "--port", "0", "--tls-port"],
] as const) {
  test(`${verb} says in one sentence that its port is taken, and ends`, async () => {
    await withTakenPort(async (port) => {
      const { status, said } = await xspos(verb, ...rest, String(port));
      assert.is(
        said,
        `xspos ${verb}: port ${port} of this machine is taken; name another one, or 0 for any that is free\n`,
      );
      assert.is(status, 1);
    });
  });
}

test("a recording that cannot be written is refused before the first scenario runs", async () => {
  const { status, said } = await xspos("run", "test/flow/zero-amount.yaml", "--record", "/no-such-folder/recording");
  assert.match(said, /^xspos run: .*\/no-such-folder\/recording/);
  assert.not.match(said, /^ok /m);
  assert.not.match(said, /\n\s+at /);
  assert.is(status, 2);
});

test("a terminal on a page speaks Chinese where the machine does, and English to everybody else", () => {
  assert.is(languageOf("zh-CN"), "zh");
  assert.is(languageOf("zh"), "zh");
  for (const locale of ["en-US", "de-DE", "zha-CN"]) assert.is(languageOf(locale), "en", locale);
});

test.run();
