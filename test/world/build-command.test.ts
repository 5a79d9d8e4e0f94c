/** `xspos build` and `xspos flash`, with a program in mcconfig's place that writes down how it was called. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parametersOf } from "../../firmware/update/parameter-check.ts";
import { linPartitions } from "../../hal/boards/lin/partitions.ts";
import { readTerminals } from "../../simulator/acquirer/terminals.ts";
import { UsageError } from "../../simulator/commands/arguments.ts";
import { boardOf, whatIsMissing } from "../../simulator/commands/moddable.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const command = join(project, "simulator/xspos.mjs");

interface Call {
  readonly args: readonly string[];
  readonly folder: string;
  readonly port: string | null;
}
interface Answer {
  readonly status: number | null;
  readonly said: string;
  readonly wrote: string;
  readonly calls: readonly Call[];
}

/** Runs the command with these tools: `fails` is the target at which the program in mcconfig's place fails. */
async function xspos(
  args: readonly string[],
  tools: {
    readonly sdk?: boolean;
    readonly mcconfig?: boolean;
    readonly idf?: boolean;
    readonly fails?: string;
    readonly home?: string;
  } = {},
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "xspos-build-"));
  const log = join(folder, "calls");
  try {
    if (tools.mcconfig !== false) {
      const lines = [
        "#!/usr/bin/env node",
        `const call = { args: process.argv.slice(2), folder: process.cwd(), port: process.env.UPLOAD_PORT ?? null };`,
        `require("node:fs").appendFileSync(${JSON.stringify(log)}, JSON.stringify(call) + "\\n");`,
        `console.log("building");`,
        `process.exit(call.args.includes(${JSON.stringify(tools.fails ?? "")}) ? 7 : 0);`,
      ];
      writeFileSync(join(folder, "mcconfig"), lines.join("\n"));
      chmodSync(join(folder, "mcconfig"), 0o755);
    }
    const { MODDABLE: _, IDF_PATH: __, UPLOAD_PORT: ___, ...rest } = process.env;
    const env = {
      ...rest,
      PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
      ...(tools.sdk === false ? {} : { MODDABLE: folder }),
      HOME: tools.home ?? folder,
      ...(tools.idf === false ? {} : { IDF_PATH: folder }),
    };
    const child = spawn(process.execPath, [command, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    let [said, wrote] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    child.stdout.on("data", (chunk: Buffer) => {
      wrote += chunk;
    });
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return { status, said, wrote, calls: calls.map((line) => JSON.parse(line) as Call) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const board of ["p1", "m5stack_cores3"]) {
  test(`build runs mcconfig once, in the project's folder, for the board that was named: ${board}`, async () => {
    const { status, calls, wrote } = await xspos(["build", board]);
    assert.is(status, 0);
    assert.equal(
      calls.map(({ args }) => args),
      [["-m", "-p", `esp32:./hal/boards/${board}`, "-t", "build"]],
    );
    assert.is(join(calls[0]!.folder, "/"), join(project, "/"));
    assert.is(wrote, "");
  });
}

test("build runs mcconfig for the SDK's desktop simulator, which needs no ESP-IDF and is never flashed", async () => {
  const { status, calls } = await xspos(["build", "lin"], { idf: false });
  assert.is(status, 0);
  assert.equal(
    calls.map(({ args }) => args),
    [["-d", "-m", "-p", "lin/m5stack", "-t", "build"]],
  );
  const flashed = await xspos(["flash", "lin", "--port", "/dev/ttyACM0"]);
  assert.is(flashed.status, 2);
  assert.equal(flashed.calls, []);
});

test("a shrunk build has a manifest of its own, which is there before mcconfig is run; the desktop has none", async () => {
  const { status, calls } = await xspos(["build", "p1", "--shrunk"]);
  assert.is(status, 0);
  const manifest = ".cache/boards/p1/manifest.json";
  assert.equal(
    calls.map(({ args }) => args),
    [["-m", "-p", "esp32:./hal/boards/p1", "-t", "build", manifest]],
  );
  assert.ok(existsSync(join(project, manifest)));
  assert.is((await xspos(["build", "lin", "--shrunk"], { idf: false })).status, 2);
});

test("a desktop without a terminal gets the one that xspos host knows; a terminal that is there is left as it is", async () => {
  const home = mkdtempSync(join(tmpdir(), "xspos-home-"));
  try {
    const place = (name: string) => join(home, ".xspos-lin", name);
    const failed = await xspos(["build", "lin"], { home, fails: "build" });
    assert.is(failed.status, 1);
    assert.not.ok(existsSync(place("parameters.flash")));
    const first = await xspos(["build", "lin"], { home });
    assert.match(first.said, /TEST parameters and keys for it are in .*\.xspos-lin/);
    const image = readFileSync(place("parameters.flash"));
    assert.is(image.toString("latin1", 0, 4), "XPAR");
    assert.is(image.length, linPartitions.parameters);
    const { terminalId, link } = parametersOf(new Uint8Array(image.subarray(8, 8 + image.readUInt32LE(4)))) ?? {};
    const known = readTerminals().find(({ terminal }) => terminal === terminalId);
    assert.equal(new Uint8Array(readFileSync(place("terminalMasterKey.secret"))), known?.masterKey);
    assert.is(link, "plain");
    writeFileSync(place("parameters.flash"), "of a terminal that has sold");
    const second = await xspos(["build", "lin"], { home });
    assert.not.match(second.said, /parameters/);
    assert.is(readFileSync(place("parameters.flash"), "utf8"), "of a terminal that has sold");
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("flash builds first and writes to the port that was named", async () => {
  const { status, calls } = await xspos(["flash", "m5stack_cores3", "--port", "/dev/ttyACM0"]);
  assert.is(status, 0);
  assert.equal(
    calls.map(({ args, port }) => [args.at(-1), port]),
    [
      ["build", "/dev/ttyACM0"],
      ["deploy", "/dev/ttyACM0"],
    ],
  );
});

test("a build that fails is status 1, and nothing is written to the board", async () => {
  const { status, calls, said } = await xspos(["flash", "p1", "--port", "/dev/ttyACM0"], { fails: "build" });
  assert.is(status, 1);
  assert.is(calls.length, 1);
  assert.match(said, /^xspos flash: mcconfig -t build ended with 7$/m);
});

test("without the SDK, its tools or ESP-IDF three lines say what is missing and how to get it", () => {
  const folder = mkdtempSync(join(tmpdir(), "xspos-tools-"));
  try {
    writeFileSync(join(folder, "mcconfig"), "");
    const whole = { MODDABLE: folder, IDF_PATH: folder, PATH: folder };
    assert.is(whatIsMissing(whole), undefined);
    for (const [change, what] of [
      [{ MODDABLE: undefined }, /Moddable SDK/],
      [{ MODDABLE: join(folder, "gone") }, /Moddable SDK/],
      [{ PATH: "" }, /Moddable SDK/],
      [{ PATH: tmpdir() }, /Moddable SDK/],
      [{ IDF_PATH: undefined }, /ESP-IDF/],
      [{ IDF_PATH: "" }, /ESP-IDF/],
    ] as const) {
      const lines = (whatIsMissing({ ...whole, ...change }) ?? "").split("\n");
      assert.is(lines.length, 3);
      assert.match(lines[0]!, what);
      assert.match(lines[1]!, /xs-dev setup/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("where tools are missing the status is 1, and nothing is run", async () => {
  for (const [args, tools] of [
    [["build", "p1"], { idf: false }],
    [["flash", "p1", "--port", "/dev/ttyACM0"], { sdk: false }],
  ] as const) {
    const { status, said, calls } = await xspos(args, tools);
    assert.is(status, 1);
    assert.is(said.trimEnd().split("\n").length, 3, said);
    assert.equal(calls, []);
  }
});

test("a board that there is not, or none, or no port, is a question of usage", async () => {
  for (const words of [[], ["p2"], ["sdk"], ["typings"], ["p1", "p1"]]) {
    assert.throws(
      () => boardOf(words),
      (error: unknown) => error instanceof UsageError && error.message.includes("m5stack_cores3, p1"),
    );
  }
  const { status, said, calls } = await xspos(["flash", "p1"]);
  assert.is(status, 2);
  assert.match(said, /--port PATH\nusage: xspos flash/);
  assert.equal(calls, []);
});

test.run();
