import { test } from "uvu";
import * as assert from "uvu/assert";
import { askedForAll } from "../everything.ts";
import { crash, scenario } from "./crash-command.ts";

/** Operations of "operator-locked" on the table of operators: a try is noted, a number unlocked, a record replaced. */
const chosen = ["24", "28", "30", "33"] as const;

for (const cut of chosen) {
  test(`operators are in the table after a power cut at operation ${cut}, and can sign on`, () => {
    const { lines } = crash("--scenario", scenario("operator-locked"), "--cut", cut);
    assert.match(lines.at(-1) ?? "", /^\d+ passed, 0 failed$/);
  });
}

if (askedForAll("power cuts at every operation on the table of operators")) {
  for (const name of ["operator-locked", "operators-managed"]) {
    test(`a power cut at any operation of ${name} keeps nobody from signing on, and the books agree`, () => {
      const { lines } = crash("--scenario", scenario(name));
      assert.match(lines.at(-1) ?? "", /^\d{3,} passed, 0 failed$/, lines.join("\n"));
    });
  }
}

test.run();
