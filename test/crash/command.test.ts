import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UsageError } from "../../simulator/commands/arguments.ts";
import { run } from "../../simulator/commands/crash.ts";
import { crash, scenario } from "./crash-command.ts";

const sale = scenario("sale-tap");

test("xspos crash cuts a scenario at each of its operations in the ways that are asked for, says how many, and that all held", () => {
  const { status, lines } = crash("--scenario", sale, "--ways", "1");
  const [, cuts, operations] = (/^(\d+) cuts at (\d+) flash operations$/.exec(lines[0]!) ?? []).map(Number);
  assert.ok(operations! >= 10, lines.join("\n"));
  assert.is(cuts, operations);
  assert.equal(lines.slice(1), [`${cuts} passed, 0 failed`]);
  assert.is(status, 0);
});

test("one cut, in its way, and a second in its recovery, can be repeated alone", () => {
  assert.equal(crash("--scenario", sale, "--cut", "12,1").lines, ["1 cuts", "1 passed, 0 failed"]);
  assert.equal(crash("--scenario", sale, "--cut", "12:3").lines, ["1 cuts", "1 passed, 0 failed"]);
});

test("a scenario that does not hold without a cut is a failure, not a scenario without cuts", () => {
  const folder = mkdtempSync(join(tmpdir(), "xspos-crash-"));
  const file = join(folder, "wrong.yaml");
  writeFileSync(file, "name: Wrong\nsteps:\n  - expect: { screen: idle }\n  - expect: { screen: approved }\n");
  const { status, lines } = crash("--scenario", file);
  assert.match(lines[0]!, /without a cut: step 2: expected the screen approved/);
  assert.equal(lines.slice(1), ["0 cuts at 0 flash operations", "0 passed, 1 failed"]);
  assert.is(status, 1);
  rmSync(folder, { recursive: true });
});

test("a missing file, an unknown word and a wrong cut are mistakes of usage", async () => {
  for (const [args, says] of [
    [["--scenario", "no-such-file.yaml"], /no-such-file/],
    [["--cut", "0"], /--cut takes the number/],
    [["--ways", "100"], /ways at most/],
    [["--most", "7"], /--most is for --double/],
    [["--twice"], /--twice/],
  ] as const) {
    const mistake = await run(args).then(
      (status) => `ended with ${status}`,
      (error: unknown) => error,
    );
    assert.instance(mistake, UsageError, args.join(" "));
    assert.match((mistake as Error).message, says);
  }
  assert.is(crash("--twice").status, 2);
});

test.run();
