import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { askedForAll } from "../everything.ts";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));
const scenario = (name: string): string => fileURLToPath(new URL(`../flow/${name}.yaml`, import.meta.url));

function crash(name: string, ...args: string[]): string[] {
  const { stdout } = spawnSync(process.execPath, [command, "crash", "--scenario", scenario(name), ...args], {
    encoding: "utf8",
  });
  return stdout.trimEnd().split("\n");
}

/** Operations of "operator-locked" on the table of operators: a try is noted, a number unlocked, a record replaced. */
const chosen = ["24", "28", "30", "33"] as const;

for (const cut of chosen) {
  test(`operators are in the table after a power cut at operation ${cut}, and can sign on`, () => {
    assert.match(crash("operator-locked", "--cut", cut).at(-1) ?? "", /^\d+ passed, 0 failed$/);
  });
}

if (askedForAll("power cuts at every operation on the table of operators")) {
  for (const name of ["operator-locked", "operators-managed"]) {
    test(`a power cut at any operation of ${name} keeps nobody from signing on, and the books agree`, () => {
      const lines = crash(name);
      assert.match(lines.at(-1) ?? "", /^\d{3,} passed, 0 failed$/, lines.join("\n"));
    });
  }
}

test.run();
