import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UsageError } from "../../simulator/commands/arguments.ts";
import { run } from "../../simulator/commands/run.ts";
import { Profile } from "../../simulator/profile/profile.ts";
import { readProfile, writeProfile } from "../../simulator/profile/profile-file.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-profile-"));
let number = 0;

const place = (): string => join(folder, `p${++number}`);

function scenario(steps: string, terminal = "{ language: en }"): string {
  const file = join(folder, `s${++number}.yaml`);
  writeFileSync(file, `name: test\nterminal: ${terminal}\nsteps:\n${steps}`);
  return file;
}

const SALE = `
  - press: 1 2 3 4 ENTER
  - insert: unionpay-chip-credit
  - pin: 123456
  - expect: { screen: approved }
  - remove: card
  - expect: { screen: idle }
`;

const mistake = (words: readonly string[]): Promise<unknown> =>
  run(words).then(
    (status) => status,
    (error) => error,
  );

test("a terminal that is kept knows its sales the next day, settles them, and both books agree", async () => {
  const profile = place();
  assert.is(await run([scenario(SALE), "--profile", profile]), 0);
  const after = scenario(`
  - expect: { screen: idle }
  - journal: { state: receipted, count: 1 }
  - ledger: { card: unionpay-chip-credit, debited: 12.34 }
  - audit: true
${SALE}
  - ledger: { card: unionpay-chip-credit, debited: 24.68 }
  - press: MENU
  - choose: settlement
  - press: ENTER
  - expect: { screen: settlement-result, result: equal, net: 24.68 }
  - expect: { screen: idle }
  - audit: true
`);
  assert.is(await run([after, "--profile", profile]), 0);
  const closed = scenario(`
  - expect: { screen: idle }
  - journal: { state: settled, count: 2 }
  - ledger: { merchant: approved, count: 2, total: 24.68 }
`);
  assert.is(await run([closed, "--profile", profile]), 0);
  assert.is(await run([closed, "--profile", profile, "--erase"]), 1, "an erased terminal knows nothing of it");
});

test("a folder that no file system makes is an error, in time", () => {
  assert.throws(() => new Profile("/proc/x/y"), /ENOENT/);
  const file = place();
  writeFileSync(file, "");
  assert.throws(() => new Profile(join(file, "x")), /EEXIST|ENOTDIR/);
});

test("the terminal's clock and the card's counters go on where they were", async () => {
  const profile = place();
  const sale = scenario(SALE);
  assert.is(await run([sale, "--profile", profile]), 0);
  const once = readProfile(readFileSync(join(profile, "profile.jsonl"), "utf8"));
  assert.is(await run([sale, "--profile", profile]), 0);
  const twice = readProfile(readFileSync(join(profile, "profile.jsonl"), "utf8"));
  const counter = (world: typeof once): number =>
    world.cards.get("unionpay-chip-credit")?.applications[0]?.counter ?? 0;
  assert.is(counter(twice), counter(once) + 1);
  assert.ok(twice.elapsed > once.elapsed && once.elapsed > 0);
  assert.is(twice.runs, 2);
});

test("what a profile says is the same after it was written and read", async () => {
  const profile = place();
  await run([scenario(SALE), "--profile", profile]);
  const text = readFileSync(join(profile, "profile.jsonl"), "utf8");
  assert.is(writeProfile(readProfile(text)), text);
  assert.is(statSync(join(profile, "profile.jsonl")).mode & 0o077, 0, "nobody else reads its keys");
  assert.equal(readdirSync(profile), ["profile.jsonl"], "nothing is left beside it");
});

test("a malformed profile is an error with its file and line, and stays as it is", async () => {
  const profile = place();
  const sale = scenario(SALE);
  await run([sale, "--profile", profile]);
  const file = join(profile, "profile.jsonl");
  const good = readFileSync(file, "utf8");
  const lines = good.split("\n");
  const spoilt: readonly (readonly [string, string])[] = [
    ["", "line 1"],
    ["rubbish\n", "line 1: not a line of a profile"],
    [good.replace('"version":1', '"version":9'), "line 1: a profile of version 9"],
    [good.replace('"runs":1', '"runs":2'), `line ${lines.length - 1}: the profile was changed`],
    [lines.slice(0, -2).join("\n"), `line ${lines.length - 2}: the profile is not whole`],
    [good.slice(0, good.length / 2), "not a line of a profile"],
  ];
  for (const [text, said] of spoilt) {
    writeFileSync(file, text);
    const error = await mistake([sale, "--profile", profile]);
    assert.instance(error, UsageError);
    assert.ok((error as Error).message.includes(`${file}: `) && (error as Error).message.includes(said), String(error));
    assert.is(readFileSync(file, "utf8"), text);
    assert.not.ok(existsSync(join(profile, "lock")), "the next one may try");
  }
});

test("a profile is used by one process at a time; what a dead one left is taken over", async () => {
  const folder = place();
  const first = new Profile(folder);
  const sale = scenario(SALE);
  const error = await mistake([sale, "--profile", folder]);
  assert.instance(error, UsageError);
  assert.match((error as Error).message, `is in use by process ${process.pid}`);
  first.close();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(join(folder, "lock"), String(pid));
  assert.is(await run([sale, "--profile", folder]), 0);
});

test("what does not go together with a profile is a mistake of usage, before anything is written", async () => {
  const profile = place();
  const sale = scenario(SALE);
  const record = join(folder, "recording");
  for (const words of [
    [sale, "--profile", profile, "--record", record],
    [sale, "--erase"],
  ]) {
    assert.instance(await mistake(words), UsageError);
  }
  assert.not.ok(existsSync(record) || existsSync(profile));
  await run([sale, "--profile", profile]);
  const other = await mistake([scenario(SALE, "{ language: zh }"), "--profile", profile]);
  assert.match((other as Error).message, /made with other parameters/);
});

test.after(() => rmSync(folder, { recursive: true }));
test.run();
