import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkFile } from "../../simulator/commands/vectors.ts";
import { GROUND_NAMES } from "../../simulator/runtime/grounds.ts";
import { quickOf } from "../available.ts";

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are published values to check", () => {
  assert.ok(files.length >= 10);
});

for (const ground of await quickOf(GROUND_NAMES, "published values")) {
  for (const file of files) {
    test(`all published values of ${file} hold on ${ground}`, async () => {
      const results = await checkFile(fileURLToPath(new URL(file, folder)), ground);
      assert.ok(results.length > 0, "no cases");
      assert.equal(
        results.filter((result) => !result.passed).map(({ id, why }) => `${id}: ${why}`),
        [],
      );
    });
  }
}

test("cases of a kind that nobody knows fail, they are never skipped", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "vectors-")), "dukpt-unknown.json");
  writeFileSync(file, JSON.stringify([{ id: "one" }, { id: "two" }]));
  const results = await checkFile(file, "node");
  assert.equal(
    results.map(({ id, passed }) => [id, passed]),
    [
      ["one", false],
      ["two", false],
    ],
  );
});

/** Checks cases that are written down here. */
async function resultsOf(kind: string, cases: readonly unknown[]): Promise<boolean[]> {
  const file = join(mkdtempSync(join(tmpdir(), "vectors-")), `${kind}.json`);
  writeFileSync(file, JSON.stringify(cases));
  return (await checkFile(file, "node")).map(({ passed }) => passed);
}

const understood = { op: "lengthHeader", length: 70, header: "0046" };
const counters = ["FFFF9876543210E00001", "FFFF9876543210E00000"] as const;

test("a case that is not understood fails, and those behind it are checked", async () => {
  for (const strange of [null, 7, {}, { op: "klingon" }, { encoding: { mti: "Klingon" }, message: "30" }]) {
    assert.equal(await resultsOf("iso8583", [strange, understood]), [false, true], JSON.stringify(strange));
  }
  assert.equal(await resultsOf("pin-block", [{ pin: "1234" }]), [false]);
});

test("a bitmap or a length that must be refused and is not fails, and one that cannot be is refused", async () => {
  const long = { op: "lengthHeader", length: 70_000, header: "1170", valid: false };
  assert.equal(await resultsOf("iso8583", [{ ...understood, valid: false }, long]), [false, true]);
});

test("a counter of zero is no transaction's", async () => {
  const [first, zero] = counters.map((ksn) => ({ op: "ksnValid", ksn }));
  assert.equal(await resultsOf("dukpt-tdes", [first, zero, { ...zero, valid: false }]), [true, false, true]);
});

test.run();
