import { test } from "uvu";
import * as assert from "uvu/assert";
import { withCut, withoutCut } from "../../simulator/crash/crash.ts";
import { askedForAll } from "../everything.ts";
import { victimOf } from "../victim.ts";
import { crash, scenario } from "./crash-command.ts";

const locked = victimOf("operator-locked");
/** Operations of "operator-locked" on the table of operators: a try is noted, a number unlocked, a record replaced. */
const chosen = [24, 28, 30, 33] as const;

for (const first of chosen) {
  test(`operators are in the table after a power cut at operation ${first}, and can sign on`, async () => {
    const { problems, disputes } = await withoutCut(locked);
    assert.equal(problems, []);
    const outcome = await withCut({ ...locked, disputes }, { first });
    assert.equal(outcome.problems, []);
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
