import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecording } from "../../simulator/scenario/recording-file.ts";
import { xspos } from "./xspos.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-replay-"));
test.after(() => rmSync(folder, { recursive: true }));
const recorded = join(folder, "sale.jsonl");

test("a recording of two scenarios replays to the byte, on the engine as on Node", async () => {
  const files = ["test/flow/sale-tap.yaml", "test/flow/zero-amount.yaml"];
  assert.is((await xspos("run", ...files, "--seed", "5", "--record", recorded)).status, 0);
  for (const ground of ["node", "xs"]) {
    const { status, said, wrote } = await xspos("replay", recorded, "--ground", ground);
    assert.is(status, 0, said);
    assert.match(said, new RegExp(`ok   test/flow/sale-tap.yaml on ${ground}: \\d+ lines, seed 5`));
    assert.is(wrote, "2 passed, 0 failed\n");
  }
});

test("a replay that differs says where first: the line, the time, what it was and what it is", async () => {
  const lines = readFileSync(recorded, "utf8").split("\n");
  const place = lines.findIndex((line) => line.includes('"kind":"request"'));
  const other = lines[place]!.replace(/"sha256":"..../, '"sha256":"0000');
  const file = join(folder, "other.jsonl");
  writeFileSync(file, lines.with(place, other).join("\n"));
  const { status, said, wrote } = await xspos("replay", file);
  assert.is(status, 1);
  assert.ok(said.includes(`differs first in line ${place + 1}`), said);
  assert.ok(said.includes(other) && said.includes(lines[place]!), said);
  assert.is(wrote, "1 passed, 1 failed\n");
});

test("a recording that has more or less than its replay differs where one of them ends", async () => {
  const lines = readFileSync(recorded, "utf8").trimEnd().split("\n");
  const file = join(folder, "short.jsonl");
  writeFileSync(file, lines.slice(0, -1).join("\n"));
  const short = await xspos("replay", file);
  assert.is(short.status, 1);
  assert.match(short.said, /the recording ends/);
  writeFileSync(file, [...lines, lines.at(-1)].join("\n"));
  const long = await xspos("replay", file);
  assert.is(long.status, 1);
  assert.match(long.said, /the replay ends/);
});

test("a recording of a scenario that has changed since, or is gone, is refused with its line", async () => {
  const scenario = join(folder, "scenario.yaml");
  const text = readFileSync("test/flow/zero-amount.yaml", "utf8");
  const file = join(folder, "changed.jsonl");
  writeFileSync(scenario, text);
  assert.is((await xspos("run", scenario, "--record", file)).status, 0);
  writeFileSync(scenario, `${text}  - wait: 1s\n`);
  const changed = await xspos("replay", file);
  assert.is(changed.status, 2);
  assert.match(changed.said, /changed\.jsonl: line 1: .*scenario\.yaml has changed since/);
  rmSync(scenario);
  const gone = await xspos("replay", file);
  assert.is(gone.status, 2);
  assert.match(gone.said, /changed\.jsonl: line 1: there is no .*scenario\.yaml/);
});

const run = `{"at":0,"kind":"run","file":"a.yaml","seed":1,"bytes":3,"sha256":"${"ab".repeat(32)}"}`;
const screen = '{"at":1.5,"kind":"screen","screen":"idle","values":{}}';

test("a scenario that cannot be read is named with its line, and leaves a recording that was there as it was", async () => {
  const file = join(folder, "kept.recording");
  writeFileSync(file, "what was recorded before\n");
  const bad = join(folder, "bad.yaml");
  writeFileSync(bad, "name: a\nsteps:\n  - dance: true\n");
  const { status, said } = await xspos("run", "test/flow/zero-amount.yaml", bad, "--record", file);
  assert.is(status, 1);
  assert.match(said, `${bad}: line 3: unknown step "dance"`);
  assert.is(readFileSync(file, "utf8"), "what was recorded before\n");
});

test("neither a recording nor a report is written over a scenario, or one over the other", async () => {
  const text = readFileSync(new URL("../flow/zero-amount.yaml", import.meta.url), "utf8");
  const scenario = join(folder, "precious.yaml");
  writeFileSync(scenario, text);
  const link = join(folder, "link.yaml");
  symlinkSync(scenario, link);
  const out = join(folder, "out");
  for (const options of [
    ["--record", scenario],
    ["--junit", scenario],
    ["--record", link],
    ["--record", out, "--junit", out],
  ]) {
    const { status, said } = await xspos("run", scenario, ...options);
    assert.match(said, /^xspos run: .* is named twice/);
    assert.is(status, 2);
    assert.is(readFileSync(scenario, "utf8"), text);
    assert.not.ok(existsSync(out));
  }
});

test("a scenario that is not there leaves no empty recording behind", async () => {
  const file = join(folder, "none.recording");
  const { status } = await xspos("run", join(folder, "none.yaml"), "--record", file);
  assert.is(status, 2);
  assert.not.ok(existsSync(file));
});

test("a recording is read run by run", () => {
  const runs = readRecording([run, screen, screen, run, ""].join("\n"));
  assert.equal(
    runs.map(({ line, file, seed, lines }) => [line, file, seed, lines.length]),
    [
      [1, "a.yaml", 1, 3],
      [4, "a.yaml", 1, 1],
    ],
  );
});

for (const [what, lines, message] of [
  ["nothing", [""], "line 1: an empty recording"],
  ["no run first", [screen, run], "line 1: a recording begins with a run"],
  ["no JSON", [run, "{"], "line 2: not a line of a recording"],
  ["a list", [run, "[]"], "line 2: not a line of a recording"],
  ["a strange kind", [run, '{"at":1,"kind":"sound"}'], 'line 2: there is no kind "sound"'],
  ["no time", [run, '{"kind":"screen"}'], "line 2: not a line of a recording"],
  ["time that goes back", [run, screen, '{"at":1,"kind":"erase"}'], "line 3: earlier than the line before"],
  ["a run without a seed", [run.replace('"seed":1', '"seed":"1"')], "line 1: a run names its file, seed and SHA-256"],
  ["a run without a digest", [run.replace(/ab/g, "xy")], "line 1: a run names its file, seed and SHA-256"],
  ["an empty line", [run, "", screen], "line 2: not a line of a recording"],
] as const) {
  test(`a malformed recording (${what}) is an error with its line`, () => {
    assert.throws(() => readRecording(lines.join("\n")), new RegExp(`^${message}`.replace(/[[\]]/g, "\\$&")));
  });
}

test.run();
