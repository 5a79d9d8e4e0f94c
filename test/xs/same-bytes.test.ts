import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type GroundName, groundOf } from "../../simulator/runtime/grounds.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { quickOf } from "../available.ts";

/** Runs a scenario and writes down every screen and picture, every dot of paper, every flash operation, all traffic. */
async function recorded(file: string, name: GroundName, seed?: number): Promise<readonly string[]> {
  const recording = new Recording();
  const text = readFileSync(new URL(`../flow/${file}`, import.meta.url), "utf8");
  const ground = await groundOf(name);
  const result = await runScenario({ file, text, ground, recording, ...(seed === undefined ? {} : { seed }) });
  assert.ok(result.passed, `${file} on ${name}: step ${result.failure?.step}: ${result.failure?.message}`);
  return recording.lines;
}

function assertSame(one: readonly string[], other: readonly string[]): void {
  const place = one.findIndex((line, index) => line !== other[index]);
  assert.is(place, -1, `first difference in line ${place + 1}:\n${one[place]}\n${other[place]}`);
  assert.is(one.length, other.length);
}

const FILES = [
  "sale-magstripe.yaml",
  "sale-chip.yaml",
  "sale-tap.yaml",
  "response-lost.yaml",
  "paper-out-in-the-middle.yaml",
  "power-cut-while-online.yaml",
];

/** On xs and xs32 the recordings of all scenarios are compared with Node's (test/flow-digests.ts). */
const others = await quickOf(["rv32"], "the comparison of bytes");

for (const file of FILES) {
  test(`${file} gives the same bytes twice`, async () => {
    const first = await recorded(file, "node");
    for (const kind of ["screen", "picture", "program", "request", "response"]) {
      assert.ok(
        first.some((line) => line.includes(`"kind":"${kind}"`)),
        `${kind} is recorded`,
      );
    }
    assertSame(first, await recorded(file, "node"));
  });

  for (const name of others) {
    test(`${file} gives the same bytes on ${name} as on node`, async () => {
      assertSame(await recorded(file, "node"), await recorded(file, name));
    });
  }
}

test("another seed gives other bytes: the comparison can fail", async () => {
  const one = await recorded("sale-chip.yaml", "node", 1);
  const other = await recorded("sale-chip.yaml", "node", 2);
  assert.not.equal(one.slice(1), other.slice(1));
});

test.run();
