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

test.run();
