import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureHost, hostPath } from "../../simulator/runtime/xs/build.mjs";
import { bundle } from "../../simulator/runtime/xs/bundle.ts";
import { nativesTable, parseShim } from "../../simulator/runtime/xs/natives.mjs";
import { runUnitTestsOnXs } from "../../simulator/runtime/xs/unit-tests.ts";
import { grounds, runText } from "./grounds.ts";

const build = fileURLToPath(new URL("../../simulator/runtime/xs/build.mjs", import.meta.url));

function runBuild(args: readonly string[], environment: Record<string, string>) {
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [build, ...args], { env, encoding: "utf8" });
}

test("without a compiler installation succeeds and says what to install", () => {
  const { status, stderr } = runBuild(["--optional"], { CC: "no-such-compiler" });
  assert.is(status, 0);
  assert.equal(stderr.trim().split("\n"), [
    "The xs ground needs a C compiler: apt-get install gcc, then npm install.",
    "The xs32 ground needs a C compiler for 32 bits: apt-get install gcc-multilib, then npm install.",
  ]);
});

test("without a compiler a build that is not optional fails", () => {
  assert.is(runBuild([], { CC: "no-such-compiler" }).status, 1);
});

test("a host that is built is not built again", async () => {
  for (const ground of grounds) {
    const started = performance.now();
    assert.is(await ensureHost(ground), hostPath(ground));
    assert.ok(performance.now() - started < 1000);
  }
});

test("shims list the natives' functions with their C names and arguments", () => {
  const shim = [
    "/* comment */",
    'export function sha1(data) @ "xspos_sha1";',
    'export function crc32(data, initial) @ "xspos_crc32"',
    'export function now() @ "xspos_now";',
    "export const other = 1;",
  ].join("\n");
  const functions = parseShim(shim);
  assert.equal(functions, [
    { name: "sha1", symbol: "xspos_sha1", length: 1 },
    { name: "crc32", symbol: "xspos_crc32", length: 2 },
    { name: "now", symbol: "xspos_now", length: 0 },
  ]);
  assert.match(nativesTable([{ name: "digest", functions }]), /\{ "xspos_crc32", xspos_crc32, 2 \},/);
});

test("a bundle takes in what its entry imports and is made once", async () => {
  const [ground] = grounds;
  if (ground === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "xspos-bundle-"));
  const path = join(folder, "part.js");
  const text = `import { part } from ${JSON.stringify(path)};
    import { print } from "xspos:host";
    export function main() { print(part); }`;
  writeFileSync(path, 'export const part = "one";');
  assert.equal((await runText(ground, text)).lines, ["one"]);
  const first = await bundle({ ground, entry: { text } });
  assert.ok(existsSync(first));
  assert.is(await bundle({ ground, entry: { text } }), first);
  rmSync(folder, { recursive: true });
});

for (const ground of grounds) {
  test(`${ground}: natives are the firmware's C functions`, async () => {
    const text = `
      import { print } from "xspos:host";
      import { sha1 } from "#native/digest";
      const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      export function main() { print(hex(sha1(Uint8Array.of(0x61, 0x62, 0x63)))); print(String(sha1).includes("native")); }`;
    const { lines } = await runText(ground, text, { preload: true });
    assert.equal(lines, ["a9993e364706816aba3e25717850c26c9cd0d89d", "true"]);
  });

  test(`${ground}: the runner of unit tests counts what passed and what failed, and says why`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "xspos-unit-"));
    const good = join(folder, "good.test.ts");
    const bad = join(folder, "bad.test.ts");
    const dead = join(folder, "dead.test.ts");
    const head = 'import { suite, test } from "uvu"; import * as assert from "uvu/assert";\n';
    writeFileSync(
      good,
      `${head}
      const order: string[] = [];
      const named = suite("named");
      named.before(() => { order.push("before"); });
      named.before.each(() => { order.push("each"); });
      named("waits", async () => { await null; order.push("test"); });
      named("throws", () => {
        assert.throws(() => { throw new RangeError("too long"); }, /long/);
        assert.throws(() => { throw new Error("x"); }, (error: Error) => error instanceof Error);
        assert.not.throws(() => 1);
      });
      named.after(() => { assert.equal(order, ["before", "each", "test", "each"]); });
      named.run();
      test("equal looks deep", () => {
        assert.equal({ a: [1, new Map([["k", Uint8Array.of(1)]])] }, { a: [1, new Map([["k", Uint8Array.of(1)]])] });
        assert.not.equal([1, 2], [1]);
        assert.not.equal(Uint8Array.of(1), [1]);
        assert.is.not("1", 1);
        assert.type(1, "number");
        assert.instance(new Error("x"), Error);
        assert.match("abc", /b/);
      });
      test.run();`,
    );
    writeFileSync(
      bad,
      `${head}
      test("adds up", () => assert.is(1 + 1, 3));
      test("compares", () => assert.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3), "the MAC"));
      test("throws nothing", () => assert.throws(() => 1));
      test("holds", () => assert.ok(true));
      test.run();`,
    );
    writeFileSync(
      dead,
      `${head}test("never ends well", () => { const f = (): number => 1 + f(); f(); });\ntest.run();`,
    );
    assert.equal(await runUnitTestsOnXs([good], ground), { passed: 3, failed: 0, output: "" });
    const failing = await runUnitTestsOnXs([bad], ground);
    assert.is(failing.passed, 1);
    assert.is(failing.failed, 3);
    for (const part of ["bad.test.ts", '"adds up"', "expected 3, got 2", "the MAC", "<0103>"]) {
      assert.match(failing.output, part);
    }
    const ended = await runUnitTestsOnXs([dead], ground);
    assert.is(ended.failed, 1);
    assert.match(ended.output, /stack overflow/);
    const together = await runUnitTestsOnXs([good, dead, bad], ground, 1);
    assert.equal([together.passed, together.failed], [4, 4]);
    for (const part of ["dead.test.ts", "stack overflow", "bad.test.ts", '"adds up"']) {
      assert.match(together.output, part);
    }
    rmSync(folder, { recursive: true });
  });
}

test.run();
